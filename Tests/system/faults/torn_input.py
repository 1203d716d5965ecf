"""FAULT-39 and FAULT-40: bytes that are not keys, around every dialog that can send."""
import asyncio
import tempfile

import last_moments
import pytest
import torn_sequences


def new_folder(case):
    return tempfile.TemporaryDirectory(dir=case.folder, ignore_cleanup_errors=True)


@pytest.mark.fault(39, f"{torn_sequences.SHARED} sequences torn at any byte, with pauses, stops, resizes, pastes, mice",
     slice=8, night=250, full=2_500, jobs=32)
def test_torn(case):
    """The seeds of the sequences begin at SHARED * (seed - 1): `Tests/system/faults/torn` runs one alone."""
    campaign = torn_sequences.Campaign()
    seeds = range((case.seed - 1) * torn_sequences.SHARED, case.seed * torn_sequences.SHARED)
    asyncio.run(torn_sequences.judge(seeds, campaign, lambda: new_folder(case), case.note))
    for what, count in campaign.counts.items():
        for _ in range(count):
            case.tally(what)
    assert not campaign.failures, f"seeds {sorted({seed for seed, _ in campaign.failures})}"


@pytest.mark.fault(40, f"{last_moments.SHARED} graces with a byte in their last 500 ms", slice=4, night=16, full=50,
     jobs=25)
def test_last_half_second(case):
    """The seeds of the graces begin at SHARED * (seed - 1)."""
    seeds = list(range((case.seed - 1) * last_moments.SHARED, case.seed * last_moments.SHARED))
    settings, faults = last_moments.settings_of(case.seed), []

    async def runs(folder):
        moments = last_moments.Moments(folder, settings, case.note)
        return moments, await moments.run(seeds)

    for _ in range(len(seeds) + 20):
        with new_folder(case) as folder:
            moments, done = asyncio.run(runs(folder))
        faults += moments.faults
        for what in moments.told:
            case.tally(what)
        seeds = seeds[done:]
        if not seeds:
            break
    assert not seeds, f"does not get on, at seed {seeds[0]}"
    assert not faults, faults
