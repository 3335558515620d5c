"""Results as data frames and data sets, as a user's script asks for them."""

from pathlib import Path

from two_chairs.scenario.resolve import load_scenario
from two_chairs.world.model import TwoChairs
from two_chairs_lab.connectors.dataframes import point_means, to_dataframe, to_xarray


def described(data) -> str:
    """Return axes, units and numbers of a data set as text."""
    lines = [f"axes {dict(data.sizes)} {data.attrs}"]
    for name, values in data.variables.items():
        lines.append(f"{name} {values.dims} {values.dtype} {values.attrs}")
        lines.append(str(values.values.ravel()[:: values.size // 10 + 1].tolist()))
    return "\n".join(lines) + "\n"


paths = TwoChairs(load_scenario("short.toml"), range(3), vary=True).run()
Path("paths.csv").write_text(to_dataframe(paths)[::12].to_csv(), encoding="utf-8")
few = to_dataframe(paths, ["ARM>RUS:security", "posture:HEDGE"])
Path("few.csv").write_text(few[::6].to_csv(), encoding="utf-8")
Path("paths.txt").write_text(described(to_xarray(paths)), encoding="utf-8")
Path("swept.csv").write_text(to_dataframe("swept").to_csv(), encoding="utf-8")
Path("swept.txt").write_text(described(to_xarray("swept")), encoding="utf-8")
means = point_means("swept", "tilt@end")
Path("means.txt").write_text(f"{means.tolist()}\n", encoding="utf-8")
