/* Classical decomposition: demand against its moving average, period of the season by period.
 *
 * Instead of a test that takes a season or leaves it, the season is shrunk by how far chance alone might
 * have made it (James & Stein 1961, positive part): wholly, where it differs from none by no more. */

#include "theta.h"

#define DOUBT 2.0              /* how many times over a season must exceed what chance makes */
#define LEAST_FACTOR 0.01

struct phases {
    lanes demand[LONGEST_SEASON], average[LONGEST_SEASON], count[LONGEST_SEASON];
    lanes squares, relative;   /* of demand - average; of demand, over average */
    lanes counted;
};

/* Moving averages over one season around each period; only whole windows, at least half known. */
INLINE void add_up(const struct columns *from, int season, struct phases *sums) {
    const int half = season / 2, even = season % 2 == 0;
    for (int time = half; time + half < from->periods; time++) {
        lanes demand = all(0), weight = all(0);
        for (int at = time - half; at <= time + half; at++) {
            const lanes share = all(even && (at == time - half || at == time + half) ? 0.5 : 1.0) / season;
            demand += share * from->demand[at];
            weight += share * from->known[at];
        }
        marks whole;
        for (int lane = 0; lane < LANES; lane++) whole[lane] = time + half < from->lengths[lane] ? -1 : 0;
        const marks counts = whole & (weight >= 0.5) & (from->known[time] > 0);
        const lanes average = demand / larger(weight, all(0.5)), now = from->demand[time], off = now - average;
        const int phase = time % season;
        sums->demand[phase] += pick(counts, now, all(0));
        sums->average[phase] += pick(counts, average, all(0));
        sums->count[phase] += pick(counts, all(1), all(0));
        sums->counted += pick(counts, all(1), all(0));
        sums->squares += pick(counts, off * off, all(0));
        sums->relative += pick(counts & (average > 0), now * now / larger(average, all(1e-300)), all(0));
    }
}

/* Shrinks effects towards their mean; `within` is the variance of what they are means of. */
INLINE void shrink(lanes *effects, int season, lanes within, lanes counted) {
    lanes mean = all(0), between = all(0);
    for (int phase = 0; phase < season; phase++) mean += effects[phase] / season;
    for (int phase = 0; phase < season; phase++) between += (effects[phase] - mean) * (effects[phase] - mean);
    const lanes chance = within * season / larger(counted, all(1)), found = between / (season - 1);
    const lanes ratio = DOUBT * chance / larger(found, all(1e-300));
    const lanes kept = pick((counted > season) & (found > 0), larger(1 - ratio, all(0)), all(0));
    for (int phase = 0; phase < season; phase++) effects[phase] = mean + kept * (effects[phase] - mean);
}

INLINE void effects_of(const struct phases *sums, int season, struct seasons *to) {
    lanes left = sums->squares, spread = sums->relative, weight = all(0), mean = all(0), product = all(0);
    for (int phase = 0; phase < season; phase++) {
        const lanes count = sums->count[phase], average = sums->average[phase], demand = sums->demand[phase];
        to->plus[phase] = (demand - average) / larger(count, all(1));
        to->times[phase] = pick(average > 0, demand / larger(average, all(1e-300)), all(1));
        left -= count * to->plus[phase] * to->plus[phase];
        spread -= 2 * to->times[phase] * demand - to->times[phase] * to->times[phase] * average;
        weight += average;
    }
    const lanes free = larger(sums->counted - season, all(1));
    shrink(to->plus, season, larger(left, all(0)) / free, sums->counted);
    shrink(to->times, season, larger(spread, all(0)) / larger(weight, all(1e-300)) * sums->counted / free, sums->counted);
    for (int phase = 0; phase < season; phase++) mean += to->plus[phase] / season, product += to->times[phase] / season;
    for (int phase = 0; phase < season; phase++) {
        to->plus[phase] -= mean;
        to->times[phase] /= larger(product, all(LEAST_FACTOR));
    }
}

CLONES void take_season(const struct columns *from, int season, lanes *demand, struct seasons *to) {
    struct phases sums = {0};
    marks multiplied = (marks)all(0) == 0;
    if (season > 1) {
        add_up(from, season, &sums);
        effects_of(&sums, season, to);
    } else {
        to->plus[0] = all(0), to->times[0] = all(1);
    }
    for (int time = 0; time < from->periods; time++) multiplied &= (from->known[time] == 0) | (from->demand[time] > 0);
    for (int phase = 0; phase < season; phase++) multiplied &= to->times[phase] > LEAST_FACTOR;
    for (int phase = 0; phase < season; phase++) {
        to->plus[phase] = pick(multiplied, all(0), to->plus[phase]);
        to->times[phase] = pick(multiplied, to->times[phase], all(1));
    }
    for (int time = 0, phase = 0; time < from->periods; time++) {
        demand[time] = from->known[time] * (from->demand[time] - to->plus[phase]) / to->times[phase];
        if (++phase == season) phase = 0;
    }
}
