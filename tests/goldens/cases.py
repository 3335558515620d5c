"""Which commands are kept as goldens: every command, its main modes, few worlds, short years."""

from __future__ import annotations

COMMANDS = (
    "calibrate", "check", "claim", "compare", "discover", "explain", "export", "list", "plot",
    "predict", "replay", "report", "run", "sensitivity", "show", "sweep", "theories", "view",
)  # fmt: skip

BUNDLED = (
    "csto-defends-2022", "csto-exit", "forced-choice", "replay-2013", "ukraine-ceasefire",
    "western-guarantee",
)  # fmt: skip
"""Bundled scenarios that differ from the baseline in every kind of entry."""

CLAIMS = (
    "exit-out-of-the-question", "first-breaking-point", "ninety-nine-percent-dependent",
    "threat-to-the-sphere", "two-chairs-benefit-nobody",
)  # fmt: skip

CASES: dict[str, list[str]] = {
    "help": ["--help", *(f"{name} --help" for name in COMMANDS)],
    "list": ["list", "list --json"],
    "show": [
        "show baseline",
        "show no-attacks --against baseline",
        "show no-2020-war --against baseline --json",
        "show baseline --against baseline",
        "show short.toml --json",
        "show calm.toml --against short.toml",
    ],
    "show-bundled": [
        "show baseline --json",
        "show article --json",
        *(f"show {name} --against baseline --json" for name in BUNDLED),
    ],
    "check": [
        "check short.toml calm.toml held.toml",
        "check grid.toml space.toml variance.toml polls.toml",
        "check claim-never.toml claim-first-break.toml claim-steps.toml claim-forced-postures.toml"
        " claim-dose.toml",
        "check {scenarios}/armenia/case.toml {scenarios}/armenia/events/article.csv"
        " {scenarios}/codebook.csv",
    ],
    "run": [
        "run short.toml --worlds 8",
        "run short.toml --worlds 8 --seed 5 --set χ=0.2 --set negativity=1.5 --json",
        "run short.toml --worlds 8 --defaults --json",
        "run held.toml --worlds 4 --fixed --json",
        "run calm.toml --worlds 600 --no-luck --json",
    ],
    "run-other-case": [
        "check other/case.toml other/valid/plain.toml other/valid/events.csv",
        "check other/valid/observations.csv",
        "show other/valid/every-key.toml",
        "run other/valid/every-key.toml --worlds 4 --out out",
        "run other/valid/forced-posture.toml --worlds 4 --fixed --json",
    ],
    "run-article": ["run article --worlds 2"],
    "run-baseline": [
        "run baseline --worlds 3 --json",
        "run baseline --fixed --no-luck --worlds 1 --json",
    ],
    "explain": [
        "explain short.toml --worlds 4",
        "explain short.toml --worlds 520 --json",
        "explain short.toml --worlds 4 --window 2020-02-03:2020-09-07 --fading own --out own",
        "explain short.toml --worlds 4 --target 'ARM>RUS:security' --out alignment --json",
        "explain held.toml --worlds 4 --fixed --target seat:incumbent:economy --json",
    ],
    "explain-baseline": [
        "explain --worlds 2 --window 2020-01-06:2023-12-04 --fading own",
    ],
    "compare": [
        "compare short.toml calm.toml held.toml --worlds 6",
        "compare short.toml calm.toml --worlds 6 --at 2020-06-01 --at 2020-12-28 --json",
        "compare short.toml calm.toml --worlds 600 --out many --json",
    ],
    "compare-drop-each": [
        "compare short.toml --drop-each --worlds 6",
        "compare short.toml --drop-each --worlds 6 --outcome security --at 2020-09-07"
        " --out security --json",
    ],
    "compare-swap": [
        "compare short.toml --swap attack trade --worlds 6 --out swapped",
        "compare short.toml --swap attack talk --worlds 6 --json",
    ],
    "compare-baseline": ["compare baseline no-attacks --worlds 2"],
    "sweep-grid": [
        "sweep grid.toml --out swept",
        "plot swept",
        "plot swept --outcome tilt@end --by institution_share --out one",
        "replay swept --world 10",
        "replay swept --world 10 --json",
        "export swept",
        "export swept --out worlds.parquet",
        "sweep grid.toml --out swept",
        "sweep grid.toml --out swept --resume",
    ],
    "sweep-space": [
        "sweep space.toml --out swept",
        "plot swept",
        "replay swept --world 100",
        "export swept --format csv --out all.csv",
        "discover swept --where 'tilt@end < -0.37' --scenario short",
        "discover swept --where 'tilt@end < -0.48' --scenario calm --out found --json",
    ],
    "sweep-options": [
        "sweep short.toml --param institution_share=0.2:0.6:3 --param reception_gain=0.7:1.4:2"
        " --replicates 2 --seed 4",
        "plot results/sweep-short",
        "sweep short.toml --param institution_share --param reception_gain=0.7:1.4 --design sobol"
        " --points 8 --out sobol",
        "sweep short.toml --param institution_share --param fear --design morris --points 4"
        " --trajectories quantiles --out morris",
        "plot morris",
    ],
    "frames": ["sweep grid.toml --out swept", "python frames.py"],
    "sweep-chunks": ["sweep grid.toml --replicates 700"],
    "sensitivity": [
        "sensitivity variance.toml",
        "sensitivity variance.toml --points 128 --seed 1 --set fear=0.5 --outcome split"
        " --at 2020-12-28 --out elsewhere --json",
    ],
    "discover": [
        "discover space.toml --where 'tilt@end < -0.37' --scenario short --points 600"
        " --replicates 8",
        "discover space.toml --where 'ARM>RUS:security@2020-12-28 < 0.3' --scenario short"
        " --boxes 1 --box 3 --seed 2 --out one --json",
    ],
    "claim": ["claim", "claim --json"],
    "claim-bundled": [f"claim {name} --points 40 --replicates 2 --json" for name in CLAIMS],
    **{
        f"claim-{kind}": [
            f"claim claim-{kind}.toml",
            f"claim claim-{kind}.toml --points 40 --replicates 3 --seed 2 --json",
        ]
        for kind in ("never", "first-break", "steps", "forced-postures", "dose")
    },
    "calibrate": [
        "calibrate polls.toml",
        "theories --from results/calibration-polls --worlds 4 --json",
    ],
    "predict": [
        "predict polls.toml --worlds 4 --out told",
        "predict polls.toml --worlds 520",
        "predict polls.toml --worlds 4 --json",
    ],
    "theories": [
        "theories polls.toml --rows 64 --worlds 4",
    ],
    "report": [
        "report short.toml --worlds 6",
        "run held.toml --worlds 6 --out held",
        "report held --out again --json",
    ],
    "errors": [
        "run nothing",
        "run --worlds 0",
        "run --set nonsense=1 --set fear",
        "run short.toml --out short.toml",
        "explain short.toml --window 2020-99-01:",
        "explain short.toml --target ARM",
        "compare short.toml",
        "compare short.toml --swap attack nothing",
        "check nothing.toml posterior.csv",
        "show baseline --against nothing",
        "sweep short.toml --param nothing=0:1:3",
        "sweep short.toml --param fear=1",
        "plot inputs",
        "sensitivity short.toml --points 3",
        "discover short.toml --where nonsense",
        "claim nothing",
        "calibrate grid.toml",
        "predict short.toml",
        "theories nothing.toml",
        "report nothing",
        "view nothing",
        "nothing",
    ],
}
"""Name of a golden → the commands that make it, run one after another in one folder."""
