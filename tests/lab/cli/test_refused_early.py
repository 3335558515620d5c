"""What can not be done is said before the work, in one line, with nothing on standard output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builders import scenario_file, short_scenario
from commands import environment, refused, two_chairs
from two_chairs.errors import InputError
from two_chairs_lab.engine import executors
from two_chairs_lab.engine.size import check_worlds

pytestmark = [pytest.mark.command, pytest.mark.usefixtures("elsewhere")]

BLANK = "is blank; write a name or a value, or leave it out"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("predict", " "), "' '"), (("view", ""), "''"), (("run", "--out", ""), "--out"),
        (("run", "--out= "), "--out"), (("check", "\t"), "'\t'"), (("run", "--set", " "), "--set"),
        (("new", "case", " "), "' '"),
    ],
)  # fmt: skip
def test_a_blank_word_is_named(words, place):
    place = place.replace("\t", " ")
    assert refused(*words).split(": ", 1)[1].replace("'  '", "' '") == f"{place}: {BLANK}"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "{}.toml"), ("update", "--with", "{}", "baseline"), ("run", "--out", "o{}"),
        ("new", "case", "{}"), ("run", "--set", "fear={}"), ("run", "--out=o{}"), ("{}",),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("sign", "told"), [("\0", "'\\x00"), ("\udcff", "'\\udcff")], ids=["NUL", "no UTF-8"]
)
def test_a_word_that_no_file_can_be_named_by_is_refused(words, sign, told):
    line = refused(*(word.format(sign) for word in words))
    assert told.strip("'") in line
    assert ("holds a NUL" if sign == "\0" else "holds bytes that are no UTF-8; rename") in line
    assert not list(Path().iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="names are texts there")
@pytest.mark.parametrize("words", [("run", "--out", "r"), ("show", "--json"), ("sweep",)])
def test_a_folder_whose_name_is_no_text_is_refused_before_the_work(words, monkeypatch):
    odd = Path("d\udcff")
    odd.mkdir()
    short_scenario(odd)
    monkeypatch.chdir(odd)
    line = refused(words[0], "short.toml", *words[1:])
    assert line.startswith("error: short.toml: holds bytes that are no UTF-8; rename")


@pytest.mark.parametrize("words", [("check", "{}"), ("report", "{}"), ("run", "--out", "{}")])
def test_a_name_that_is_too_long_is_not_blamed_on_the_disk(words):
    line = refused(*(word.format("a" * 300) for word in words))
    assert line.endswith("write a shorter name")


@pytest.mark.parametrize("words", [("--nothing",), ("--figures", "run"), ("nothing",)])
def test_misuse_of_the_whole_command_is_one_line(words):
    told = refused(*words)
    assert told.startswith("error: two-chairs: ")
    assert told.endswith("; see 'two-chairs --help'")
    assert "\n" not in told


NOT_WRITABLE = [
    ("run", "baseline"), ("explain", "baseline"), ("compare", "baseline", "article"),
    ("report", "baseline"), ("claim", "threat-to-the-sphere"), ("theories",),
    ("sensitivity", "baseline"), ("discover", "baseline", "--where", "tilt@end < 0"),
    ("calibrate", "calibration"), ("sweep", "baseline", "--param", "fear=0.2:0.6:2"),
    ("predict",),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("words", NOT_WRITABLE, ids=lambda words: words[0])
def test_a_place_that_can_not_be_written_is_found_before_the_work(words, monkeypatch):
    for module in ("engine.runner", "studies.sweep.study", "studies.calibrate.sample"):
        monkeypatch.setattr(f"two_chairs_lab.{module}.execute", None)
    told = refused(*words, "--out", "/proc/no/such")
    assert told.startswith("error: --out /proc/no/such")
    assert "\n" not in told


@pytest.mark.parametrize("words", [("import", "rows.csv", "--format", "ledger"), ("export", "out")])
def test_so_is_a_file(words):
    scenario_file("small", "")
    Path("rows.csv").write_text("id,date,actor,target,action,says,document\n")
    if words[0] == "export":
        plan = ("sweep", short_scenario(Path()), "--param", "fear=0.2:0.6:2", "--replicates", "1")
        assert two_chairs(*plan, "--out", "out").exit_code == 0
    assert refused(*words, "--out", "/proc/no/such.csv").startswith(
        "error: --out /proc/no/such.csv"
    )


def test_far_too_much_work_is_refused_with_what_it_would_take():
    words = ("sweep", "baseline", "--param", "fear=0.2:0.6:3", "--replicates")
    assert refused(*words, "100000000000") == (
        "error: worlds: 300,000,000,000 worlds would take some 267 days of one core and 38,400 GB "
        "on disk, more than the 1,000,000,000 that can be run; lower --replicates, --points or the "
        "number of scenarios"
    )
    assert "10^20 worlds" in refused(*words, str(10**20))
    with pytest.raises(InputError, match="in memory, more than the 100,000,000"):
        check_worlds(10**8 + 1, 1)
    check_worlds(10**8, 1)


def test_more_workers_than_a_machine_can_bear_are_refused():
    assert "--workers" in refused("run", "--workers", "100000")


def test_output_suits_an_encoding_that_lacks_signs():
    script = "from two_chairs_lab.shell.streams import plain_output as p; p(); print('−1 ≤ ԵՀԱ')"
    ended = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True,
        env=environment() | {"PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert ended.stdout.strip() == rb"-1 <= \u0535\u0540\u0531"


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGTERM"), reason="has no SIGTERM")
def test_a_command_that_is_ended_leaves_no_temporary_folder():
    script = (
        "import time\nfrom pathlib import Path\n"
        "from two_chairs_lab.results import folder\nfrom two_chairs_lab.cli.main import main\n"
        "def fill(new):\n    Path('begun').touch()\n    time.sleep(60)\n"
        "plain = folder.write_folder\n"
        "folder.write_folder = lambda f, k, _: plain(f, k, fill)\n"
        "main(['run', '--worlds', '1', '--figures', 'none', '--out', 'out'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment(), stdout=subprocess.DEVNULL
    )
    while not Path("begun").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert os.listdir() == ["begun"]


class NoWorker:
    """A client of a cluster that has one worker, which takes no tasks."""

    def __init__(self, status):
        self.status = status

    def scheduler_info(self, n_workers):
        return {"workers": {"a": {"nthreads": 1, "status": self.status}}}


def test_a_cluster_without_a_worker_is_waited_for_so_long(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(executors.time, "monotonic", lambda: now[0])
    watch = executors.Watch(NoWorker("paused"), "tcp://x:1")
    for now[0] in range(executors.WORKERLESS + 1):
        watch.look()
    now[0] += 1
    with pytest.raises(InputError, match="no worker that takes tasks for 30 seconds; start one"):
        watch.look()
    good = executors.Watch(NoWorker("running"), "tcp://x:1")
    for now[0] in range(100, 200):
        good.look()


LATER = {
    "start = 2024-01-01\nevents = []\ntargets = []": (
        "error: later.toml: start: 2024-01-01 lies after agents_act_from of the file that is "
        "extended, 2023-12-04; set agents_act_from here, or start earlier"
    ),
    "end = 2022-01-03": ("error: later.toml: end: 2022-01-03 lies before 6"),
}


@pytest.mark.parametrize("text", LATER)
def test_a_later_start_is_blamed_on_the_file_that_sets_it(text):
    scenario_file("later", text)
    assert refused("check", "later.toml").startswith(LATER[text])


def test_dates_that_a_later_start_leaves_out_are_one_problem():
    scenario_file("later", "start = 2024-01-01\nagents_act_from = 2024-02-05\n")
    told = refused("check", "later.toml")
    assert told.startswith("error: later.toml: start: 2024-01-01 lies after 7")
    assert told.endswith("leave them out here (drop, events = [], targets = []), or start earlier")
    assert "\n" not in told


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_map_that_a_spreadsheet_has_saved_is_read(sign):
    head = "id,date,actor,target,action,says,document\n"
    Path("rows.csv").write_text(head + "A,2023-01-02,MOSCOWX,ARM,consult,x,y\n")
    Path("map.csv").write_text(f"code{sign}means\nMOSCOWX{sign}RUS\n")
    words = ("import", "rows.csv", "--format", "ledger", "--map", "map.csv", "--out", "o.csv")
    assert two_chairs(*words).exit_code == 0
    assert ",RUS,ARM," in Path("o.csv").read_text()
    Path("map.csv").write_text("a,b\n1,2\n")
    assert refused(*words[:-1], "p.csv") == (
        "error: map.csv: row 1: lacks the columns code and means; name them in its first row"
    )
