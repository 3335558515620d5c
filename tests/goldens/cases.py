"""Which commands are kept as goldens: every command, its main modes, few worlds, short years."""

from __future__ import annotations

COMMANDS = (
    "agree", "calibrate", "changes", "check", "claim", "codebook", "compare", "discover",
    "explain", "export", "import", "list", "new", "new case", "new ledger", "new scenario", "plot",
    "predict", "replay", "report", "run", "score", "sensitivity", "show", "sweep", "theories",
    "update", "view",
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
    "codebook": ["codebook", "codebook force --json", "codebook 018", "codebook xyzzy"],
    "changes": [
        "run short.toml --worlds 2 --figures none --out old",
        "run short.toml --worlds 2 --figures none --set negativity=1.5 --out new",
        "changes old new --figures none --out moved",
        "changes old old --json",
    ],
    "agree": [
        "agree coder.csv data.csv --key says",
        "agree coder.csv other-coder.csv --scenario baseline --worlds 2 --at 2023-12-04",
        "agree coder.csv other-coder.csv --worlds 2 --json",
        "agree coder.csv other-coder.csv --key date",
        "agree coder.csv other-coder.csv --key actor",
    ],
    "update": [
        "update --with new.csv --worlds 2",
        "update --with new.csv --worlds 2 --json",
        "update --with new.csv --worlds 2 --target nothing",
        "update --with data.csv --worlds 2",
    ],
    "score": [
        "score told.json --against seen.csv",
        "score told.json --against seen.csv --resolve left=2030-06-01 --resolve joined=never"
        " --known-to 2030-12-31 --out scored --figures none",
        "score told.json --against seen.csv --json",
        "score told.json --against seen.csv --resolve lost=never",
        "score seen.csv --against seen.csv",
    ],
    "import": [
        "import data.csv --format ledger --out taken.csv",
        "check taken.csv",
        "import data.csv --format ledger --out json.csv --json",
        "import data.csv --format ledger --out taken.csv",
        "import data.csv --format gdelt",
        "import data.csv --format icews",
    ],
    "new": [
        "new case land",
        "check land/case.toml land/baseline.toml land/events/record.csv",
        "new ledger own",
        "check own.csv",
        "new scenario own --extends short",
        "check own.toml",
        "new case land",
        "new scenario own --extends short",
        "new scenario other --extends nothing",
    ],
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
        "plot results/armenia/sweep-short",
        "sweep short.toml --param institution_share --param reception_gain=0.7:1.4 --design sobol"
        " --points 8 --out sobol",
        "sweep short.toml --param institution_share --param fear --design morris --points 4"
        " --trajectories quantiles --out morris",
        "plot morris",
    ],
    "frames": ["sweep grid.toml --out swept", "python frames.py"],
    "written": ["python written.py", "check written/short/short.toml written/every-key/case.toml"],
    "sweep-chunks": ["sweep grid.toml --replicates 700"],
    "sensitivity": [
        "sensitivity variance.toml",
        "sensitivity variance-weights.toml --json",
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
    "claim-in-part": ["claim claim-in-part.toml"],
    "calibrate": [
        "calibrate polls.toml",
        "theories --from results/armenia/calibration-polls --worlds 4 --json",
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
        "nothing",
        "run nothing",
        "run nothing.toml",
        "run --worlds 0",
        "run --nothing",
        "run --set nonsense=1",
        "run --set fear --set fear=x --set fear=nan --set fear=0.1",
        "run short.toml --out short.toml",
        "run short.toml --out other",
        "check",
        "check nothing.toml posterior.csv other",
        "check bad/kind.toml",
        "show baseline --against nothing",
        "view nothing",
        "report nothing",
        "report other",
    ],
    "errors-why": [
        "explain short.toml --window 2020-99-01:",
        "explain short.toml --window 2020-03-02",
        "explain short.toml --window 2020-06-01:2020-03-02",
        "explain short.toml --window 2020-06-01:2020-06-03",
        "explain short.toml --window 2030-06-01:",
        "explain short.toml --target nothing",
        "explain short.toml --target 'ARM>RUS'",
        "explain short.toml --target 'ARM>ARM:security'",
        "explain short.toml --target 'ARM>XXX:security'",
        "explain short.toml --target security",
        "compare short.toml",
        "compare short.toml short.toml",
        "compare short.toml calm.toml --swap attack talk",
        "compare short.toml --drop-each --swap attack talk",
        "compare short.toml calm.toml --drop-each",
        "compare short.toml calm.toml --outcome tilt",
        "compare short.toml calm.toml --at 2030-01-01",
        "compare short.toml calm.toml --at yesterday",
        "compare short.toml other/valid/plain.toml",
        "compare short.toml --swap attack nothing",
        "compare short.toml --swap attack attack",
        "compare short.toml --drop-each --outcome nothing",
        "compare short.toml --drop-each --at 2020-01-06",
        "compare short.toml --drop-each --at 2020-06-01 --at 2020-09-07",
    ],
    "errors-sweeps": [
        "check bad/sweep.toml bad/sweep-keys.toml",
        "sweep short.toml --param nothing=0:1:3",
        "sweep short.toml --param fear=1",
        "sweep short.toml --param weight_security=0:1:3",
        "sweep short.toml --param fear=1:0:3",
        "sweep short.toml",
        "sweep short.toml --points 10000000 --design lhs",
        "sweep claim-never.toml",
        "sweep grid.toml --out other",
        "sweep short.toml --param fear=0:1:2 --replicates 2 --out swept",
        "sweep short.toml --param fear=0:1:2 --replicates 2 --out swept --seed 3 --resume",
        "replay swept --world 99",
        "replay other --world 1",
        "plot nothing",
        "plot other",
        "plot swept --outcome nothing",
        "plot swept --by nothing",
        "export swept --out nowhere/worlds.csv",
        "report swept",
        "discover swept --where 'split@end < 0.5'",
        "discover swept --where 'tilt@end < 0.5' --points 3",
        "discover space.toml --where 'tilt@end < 0.5'",
        "discover space.toml --where 'tilt@end < 0.5' --scenario nothing",
        "discover space.toml --where 'tilt@end < 0.5' --scenario calm",
        "discover short.toml --where nonsense",
        "discover short.toml --where 'tilt@end =< 0.5'",
        "discover short.toml --where 'tilt@end < x'",
        "discover short.toml --where 'nothing@end < 0.5'",
        "discover short.toml --where 'tilt@2020-01-07 < 0.5'",
        "discover claim-never.toml --where 'tilt@end < 0.5'",
    ],
    "errors-plans": [
        "check bad/polls.toml bad/keys.toml",
        "check bad/variance.toml",
        "check bad/variance-asked.toml",
        "check bad/never.toml bad/first-break.toml bad/steps.toml bad/forced-postures.toml"
        " bad/dose.toml bad/claim.toml",
        "sensitivity short.toml --points 3",
        "sensitivity grid.toml",
        "sensitivity nothing",
        "claim nothing",
        "claim grid.toml",
        "claim --points 40",
        "calibrate grid.toml",
        "calibrate nothing.toml",
        "predict short.toml",
        "predict polls.toml --out nowhere/told",
        "theories nothing.toml",
        "theories polls.toml --from other",
        "theories --from other",
    ],
}
"""Name of a golden → the commands that make it, run one after another in one folder."""

SLOW = frozenset({
    "calibrate", "claim-bundled", "compare-baseline", "discover", "report", "run-article",
    "run-baseline", "run-other-case", "sensitivity", "show-bundled", "sweep-grid", "sweep-options",
    "sweep-space", "update",
})  # fmt: skip
"""Cases that take longest; what they show is asked of the others too, on less. Kept by -m slow."""
