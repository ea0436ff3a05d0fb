/* Levels of demand that follow it; see `levels.py`, whose steps these are. */

#include "model.h"

#include <math.h>

#define PRIOR 0.2
#define BELIEVED 5.0
#define USUAL_RATIO 1.2
#define FLOOR 1e-3
#define HORIZONS 5.0
#define USUAL_DEPENDENCE 0.1
#define MOST_DEPENDENCE 0.5

/* Sums over blocks of periods, and the levels before each block and after the last. */
struct blocks {
    lanes *demand, *exposure, *squares, *crossed, *exposed, *before; /* [blocks]; exposure before each */
    lanes *levels, *level;                                           /* [blocks + 1, levels], [blocks + 1] */
    lanes average;
};

INLINE void lay_out(const struct plan *plan, lanes *scratch, struct blocks *to) {
    const int blocks = plan->blocks;
    to->demand = scratch, to->exposure = scratch + blocks, to->squares = scratch + 2 * blocks;
    to->crossed = scratch + 3 * blocks, to->exposed = scratch + 4 * blocks, to->before = scratch + 5 * blocks;
    to->level = scratch + 6 * blocks, to->levels = to->level + blocks + 1;
}

/* Demand and what it was expected of, discounted by each level. */
struct discounted {
    lanes sold[MOST_LEVELS], expected[MOST_LEVELS];
};

/* Writes down how they stand before a block, and lets them fade as they will have at its end. */
INLINE void note(const struct plan *plan, int block, struct discounted *now, lanes *sold, lanes *expected) {
    for (int each = 0; each < plan->levels; each++) {
        sold[block * plan->levels + each] = now->sold[each];
        expected[block * plan->levels + each] = now->expected[each];
        now->sold[each] *= plan->fading[each], now->expected[each] *= plan->fading[each];
    }
}

/* Leaves in `levels` each level's demand, and in `expected` what it was expected of. */
INLINE void sum_up(const struct plan *plan, const lanes *counts, const lanes *known, const struct seasons *seasons,
                   lanes *expected, struct blocks *to) {
    struct discounted far = {{all(0)}, {all(0)}};
    lanes exposures = all(0);
    int time = plan->periods - plan->blocks * plan->block, point = point_of(plan, 0);
    for (int block = 0; block < plan->blocks; block++) {
        lanes x = all(0), e = all(0), xx = all(0), xe = all(0), ee = all(0);
        note(plan, block, &far, to->levels, expected);
        for (int step = 0; step < plan->block; step++, time++) {
            if (time < 0) continue;
            const lanes now = counts[time], shown = known[time] * seasons->factors[point];
            x += now, e += shown, xx += now * now, xe += now * shown, ee += shown * shown;
            for (int each = 0; each < plan->levels; each++) {
                far.sold[each] += plan->within[each][step] * now;
                far.expected[each] += plan->within[each][step] * shown;
            }
            if (++point == plan->season) point = 0;
        }
        to->demand[block] = x, to->exposure[block] = e, to->squares[block] = xx;
        to->crossed[block] = xe, to->exposed[block] = ee, to->before[block] = exposures;
        exposures += e;
    }
    note(plan, plan->blocks, &far, to->levels, expected);
}

/* Turns sums into levels: each is drawn a little towards the mean of the whole past. */
INLINE void level_out(const struct plan *plan, const lanes *expected, struct blocks *to) {
    lanes demand = all(0), exposure = all(0);
    for (int block = 0; block < plan->blocks; block++) demand += to->demand[block], exposure += to->exposure[block];
    to->average = larger(demand / pick(exposure > all(0), exposure, all(1)), all(TINY));
    for (int place = 0; place < (plan->blocks + 1) * plan->levels; place++)
        to->levels[place] = (to->levels[place] + PRIOR * to->average) / (expected[place] + PRIOR);
}

INLINE lanes errors(const struct blocks *blocks, int block, lanes level) {
    return blocks->squares[block] - level * (2 * blocks->crossed[block] - level * blocks->exposed[block]);
}

/* How far a block's error is trusted that was forecast from the level `lag` blocks before. */
INLINE lanes trust_in(const struct plan *plan, const struct blocks *blocks, int before) {
    return pick(blocks->before[before] > all(0), all(plan->trust[before]), all(0));
}

static void share_out(int levels, const lanes *gain, lanes *share) {
    for (int lane = 0; lane < LANES; lane++) {
        double most = gain[0][lane], sum = 0;
        for (int each = 1; each < levels; each++)
            if (gain[each][lane] > most) most = gain[each][lane];
        for (int each = 0; each < levels; each++) sum += share[each][lane] = exp(gain[each][lane] - most);
        for (int each = 0; each < levels; each++) share[each][lane] /= sum;
    }
}

/* Believes each level as its Poisson likelihood says, discounted and tempered, and mixes them. */
INLINE void mix(const struct plan *plan, struct blocks *blocks) {
    lanes gain[MOST_LEVELS], share[MOST_LEVELS], expected = all(0), spread = all(0);
    const lanes least = FLOOR * blocks->average;
    for (int each = 0; each < plan->levels; each++) gain[each] = all(0);
    for (int before = 0, block = plan->lag; block < plan->blocks; before++, block++) {
        const lanes trust = trust_in(plan, blocks, before);
        const lanes sold = trust * blocks->demand[block], exposed = trust * blocks->exposure[block];
        expected += exposed;
        spread += trust * errors(blocks, block, blocks->average);
        for (int each = 0; each < plan->levels; each++) {
            const lanes usual = larger(blocks->levels[before * plan->levels + each], least);
            gain[each] += sold * logarithm(usual) - exposed * usual;
        }
    }
    spread = larger(spread / larger(expected * blocks->average, all(TINY)), all(1));
    for (int each = 0; each < plan->levels; each++) gain[each] /= spread;
    share_out(plan->levels, gain, share);
    for (int block = 0; block <= plan->blocks; block++) {
        blocks->level[block] = all(0);
        for (int each = 0; each < plan->levels; each++)
            blocks->level[block] += share[each] * blocks->levels[block * plan->levels + each];
    }
}

INLINE lanes ratio_of(const struct plan *plan, const struct blocks *blocks, lanes spent) {
    lanes missed = all(0), expected = all(0), counted = all(BELIEVED);
    const lanes believed = BELIEVED * blocks->average;
    for (int before = 0, block = plan->lag; block < plan->blocks; before++, block++) {
        const lanes trust = trust_in(plan, blocks, before);
        const lanes level = larger(blocks->level[before], FLOOR * blocks->average);
        missed += trust * larger(errors(blocks, block, level), all(0));
        expected += trust * level * blocks->exposure[block];
        counted += trust * blocks->exposure[block];
    }
    const lanes ratio = (missed + USUAL_RATIO * believed) / larger(expected + believed, all(TINY));
    return ratio * counted / larger(counted - spent - 2, counted / 2);
}

INLINE lanes dependence_of(const struct plan *plan, const struct blocks *blocks, lanes ratio) {
    lanes missed = all(0), variance = all(0), told = all(0);
    const int others = plan->span * plan->block - 1;
    for (int first = 0; first + plan->span <= plan->blocks; first++) {
        lanes sold = all(0), exposed = all(0);
        for (int block = first; block < first + plan->span; block++)
            sold += blocks->demand[block], exposed += blocks->exposure[block];
        const marks known = blocks->before[first] > all(0);
        const lanes expected = blocks->level[first] * exposed, off = sold - expected;
        missed += pick(known, off * off, all(0)), variance += pick(known, expected, all(0));
        told += pick(known, all(1), all(0));
    }
    const lanes found = (missed / larger(ratio * variance, all(TINY)) - 1) / (others > 1 ? others : 1);
    const lanes independent = told / plan->span;
    const lanes drawn = (independent * found + HORIZONS * USUAL_DEPENDENCE) / (independent + HORIZONS);
    return larger(smaller(drawn, all(MOST_DEPENDENCE)), all(0));
}

CLONES void filter(const struct plan *plan, const lanes *counts, const lanes *known, const struct seasons *seasons,
                   lanes *scratch, struct filtered *to) {
    struct blocks blocks;
    lay_out(plan, scratch, &blocks);
    lanes *const expected = blocks.levels + (plan->blocks + 1) * plan->levels;
    sum_up(plan, counts, known, seasons, expected, &blocks);
    level_out(plan, expected, &blocks);
    mix(plan, &blocks);
    to->level = blocks.level[plan->blocks];
    to->ratio = ratio_of(plan, &blocks, seasons->spent);
    to->dependence = dependence_of(plan, &blocks, to->ratio);
}
