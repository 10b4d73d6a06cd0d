"""What a rulebook as a whole must keep, whatever numbers it holds; proven over every case when it is built.

A better signal never lowers the score, and a higher score never worsens segment or priority of the same provider.
"""

from itertools import pairwise, product
from typing import Final

from hunter.core.errors import RulebookError
from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState, Standing
from hunter.core.judgement.scoring import ScoringRules, score
from hunter.core.judgement.segmentation import Segment
from hunter.core.judgement.verdict import Rules
from hunter.core.provider.providers import Provider

#: The states of each signal from the worst to the best; the worst DMARC is the explicit wish that nothing be done.
SPF_ORDER: Final = (SPFState.ABSENT, SPFState.CROWDED, SPFState.FOUND)
DKIM_ORDER: Final = (DKIMState.ABSENT, DKIMState.FOUND)
DMARC_ORDER: Final = (DMARCState.NONE, DMARCState.ABSENT, DMARCState.QUARANTINE, DMARCState.REJECT)
#: Segments from the least to the most worth of a call.
SEGMENT_ORDER: Final = (Segment.SKIP, Segment.COLD, Segment.MIGRATION, Segment.EXISTING)


def check_rules(rules: Rules) -> None:
    """Raise RulebookError where rules that are each well formed break a promise together."""
    _check_better_signals(rules.scoring)
    for provider in Provider:
        _check_rising_scores(rules, provider)


def _check_better_signals(rules: ScoringRules) -> None:
    for provider in Provider:
        points = {
            case: scored.points
            for case in product(SPF_ORDER, DKIM_ORDER, DMARC_ORDER)
            if (scored := score(rules, Facts(Standing.SCORED, provider, *case))) is not None
        }
        for case in points:
            for better in _one_better(*case):
                if points[better] < points[case]:
                    worse_to_better = f"{'/'.join(case)} to {'/'.join(better)}"
                    raise RulebookError("scoring.json", f"{provider.value}: {worse_to_better} lowers the score")


def _one_better(spf: SPFState, dkim: DKIMState, dmarc: DMARCState) -> list[tuple[SPFState, DKIMState, DMARCState]]:
    """Return the cases in which one signal is one step better."""
    return [
        *((better, dkim, dmarc) for worse, better in pairwise(SPF_ORDER) if worse is spf),
        *((spf, better, dmarc) for worse, better in pairwise(DKIM_ORDER) if worse is dkim),
        *((spf, dkim, better) for worse, better in pairwise(DMARC_ORDER) if worse is dmarc),
    ]


def _check_rising_scores(rules: Rules, provider: Provider) -> None:
    segments = {points: rules.segments.table.decide(provider, points).segment for points in rules.scoring.scale}
    for lower, higher in pairwise(rules.scoring.scale):
        if SEGMENT_ORDER.index(segments[higher]) < SEGMENT_ORDER.index(segments[lower]):
            raise RulebookError("segments.json", f"{provider.value}: score {higher} gives a worse segment than {lower}")
        called = rules.priority.table.decide(segments[higher], higher)
        if called > rules.priority.table.decide(segments[lower], lower):
            raise RulebookError("priority.json", f"{provider.value}: score {higher} is called later than {lower}")
