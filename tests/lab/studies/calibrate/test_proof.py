"""What moves if a part of the evidence is left out."""

from __future__ import annotations

import numpy as np

from two_chairs_lab.statistics.scores import effective_size, normalised
from two_chairs_lab.studies.calibrate.proof import left_out
from two_chairs_lab.studies.calibrate.terms import Terms


def test_each_wave_of_polls_is_left_out_by_itself():
    rows = np.arange(2_000)
    gain, fear = (rows % 50) / 50.0, (rows // 50) / 40.0
    first, second, decided = 3.0 * gain, 4.0 * fear, -2.0 * (gain - fear) ** 2
    terms = Terms(
        polls=first + second,
        polls_without={"1 May 2019, A": second, "22 Nov 2021, A": first},
        log_prior=np.zeros(len(rows)),
        decisions=decided[np.newaxis],
        source=["ARM"],
        quarter=[0],
        quarter_names={0: "2020Q1"},
        strict=decided,
    )
    told = left_out(terms, {"gain": gain, "fear": fear})
    found = {label: told[f"without the wave of {label}"] for label in terms.polls_without}
    assert found["1 May 2019, A"]["most_moved"] == "gain"
    assert found["22 Nov 2021, A"]["most_moved"] == "fear"
    seen = normalised(second + decided)
    whole = normalised(first + second + decided)
    shift = (seen @ gain - whole @ gain) / gain.std()
    assert found["1 May 2019, A"]["shift"] == round(shift, 2) < 0.0
    assert found["1 May 2019, A"]["effective_rows"] == round(effective_size(seen), 0)
    labels = list(told)
    assert labels[:2] == ["without ARM", "without 2020Q1"]
    after = labels.index("without polls") + 1
    assert labels[after : after + 2] == [f"without the wave of {wave}" for wave in found]
