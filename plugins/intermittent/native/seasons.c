/* What a day of the week or a month of the year lets one expect, compared with the others. */

#include "model.h"

#define SEASONS_SEEN 3
#define SURE 1.5
#define DOUBT 10.0

struct seen {
    lanes sold[MOST_POINTS], expected[MOST_POINTS], weight[MOST_POINTS], squared_weight[MOST_POINTS];
    lanes average, dispersion, weights, periods;
};

INLINE lanes look(const struct plan *plan, const lanes *counts, const lanes *known, struct seen *to) {
    lanes squares = all(0);
    to->periods = all(0);
    for (int point = 0; point < plan->season; point++)
        to->sold[point] = to->weight[point] = to->squared_weight[point] = all(0);
    for (int time = 0, point = point_of(plan, 0); time < plan->periods; time++) {
        const double fading = plan->season_memory[time];
        const lanes sold = fading * counts[time], weight = fading * known[time];
        to->sold[point] += sold, to->weight[point] += weight, to->squared_weight[point] += fading * weight;
        squares += sold * counts[time];
        to->periods += known[time];
        if (++point == plan->season) point = 0;
    }
    return squares;
}

INLINE void see(const struct plan *plan, const lanes *counts, const lanes *known, struct seen *to) {
    const double points = plan->season;
    lanes squares = look(plan, counts, known, to), sold = all(0), weight = all(0), squared_weight = all(0);
    for (int point = 0; point < plan->season; point++) {
        sold += to->sold[point], weight += to->weight[point], squared_weight += to->squared_weight[point];
        squares -= to->sold[point] * to->sold[point] / larger(to->weight[point], all(TINY));
    }
    to->weights = weight;
    to->average = sold / larger(weight, all(TINY));
    for (int point = 0; point < plan->season; point++) to->expected[point] = to->weight[point] * to->average;
    const lanes worth = weight * weight / larger(squared_weight, all(TINY));
    const lanes spread = larger(squares, all(0)) / larger(sold, all(TINY));
    to->dispersion = larger(spread * (worth / larger(larger(worth - points, worth / 2), all(TINY))), all(0.3));
}

CLONES void look_for_season(const struct plan *plan, const lanes *counts, const lanes *known, marks *moving) {
    struct seen seen;
    lanes distance = all(0);
    *moving = (marks){0};
    if (plan->season == 1) return;
    see(plan, counts, known, &seen);
    for (int point = 0; point < plan->season; point++) {
        const lanes off = seen.sold[point] - seen.expected[point];
        distance += off * off / larger(seen.dispersion * seen.average * seen.squared_weight[point], all(TINY));
    }
    *moving = (distance > all(SURE * (plan->season - 1))) & (seen.periods >= all(SEASONS_SEEN * plan->season));
}

CLONES void take_season(const struct plan *plan, const lanes *counts, const lanes *known, const marks *moving,
                        struct seasons *to) {
    struct seen seen;
    lanes usual = all(0), spent = all(0);
    see(plan, counts, known, &seen);
    const lanes doubt = DOUBT * seen.dispersion;
    for (int point = 0; point < plan->season; point++) {
        to->factors[point] = (seen.sold[point] + doubt) / (seen.expected[point] + doubt);
        usual += to->factors[point] * seen.weight[point];
        spent += seen.expected[point] / (seen.expected[point] + doubt);
    }
    usual = larger(usual / larger(seen.weights, all(TINY)), all(TINY));
    for (int point = 0; point < plan->season; point++)
        to->factors[point] = pick(*moving, to->factors[point] / usual, all(1));
    to->spent = pick(*moving, spent * ((plan->season - 1.0) / plan->season), all(0));
}
