"""Rows 39 and 40: bytes that nobody typed, around every dialog that can send."""
import asyncio
import itertools
import tempfile

import last_moments
import torn_sequences
from matrix import row


def new_folder(case):
    return tempfile.TemporaryDirectory(dir=case.folder, ignore_cleanup_errors=True)


@row(39, f"{torn_sequences.SHARED} sequences torn at any byte, with pauses, stops, resizes, pastes, mice",
     slice=25, night=250, full=2_500, jobs=32)
def torn(case):
    """The seeds of the sequences are SHARED * (seed - 1) and on: `Tests/Torture/torn` runs one alone."""
    campaign = torn_sequences.Campaign()
    seeds = range((case.seed - 1) * torn_sequences.SHARED, case.seed * torn_sequences.SHARED)
    asyncio.run(torn_sequences.judge(seeds, campaign, lambda: new_folder(case), case.note))
    for what, count in campaign.counts.items():
        for _ in range(count):
            case.tally(what)
    assert not campaign.failures, f"seeds {sorted({seed for seed, _ in campaign.failures})}"


@row(40, f"{last_moments.SHARED} graces with a byte in their last 500 ms", slice=4, night=16, full=50,
     jobs=25)
def last_half_second(case):
    """The seeds of the graces are SHARED * (seed - 1) and on."""
    seeds = list(range((case.seed - 1) * last_moments.SHARED, case.seed * last_moments.SHARED))
    faults = []
    settings = last_moments.settings_of(case.seed)
    for attempt in itertools.count():
        assert attempt < len(seeds) + 30, "it does not get on"
        # An ESC that is held back for longer than the grace has left.
        over_ssh = {"ssh": True} if last_moments.kind_of(seeds[0])[0] == "ESC over SSH" else {}
        rest = seeds
        if not over_ssh:
            rest = list(itertools.takewhile(
                lambda seed: last_moments.kind_of(seed)[0] != "ESC over SSH", seeds))
        with new_folder(case) as folder:

            async def runs():
                # In its loop, which the terminal needs.
                moments = last_moments.Moments(folder, {**settings, **over_ssh}, case.note)
                return moments, await moments.run(rest)

            moments, done = asyncio.run(runs())
        faults += moments.faults
        for what in moments.told:
            case.tally(what)
        seeds = seeds[done:]
        if not seeds:
            break
    assert not faults, faults
