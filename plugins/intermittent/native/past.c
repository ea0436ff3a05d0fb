/* The weighted past: what was sold before, as a distribution. */

#include "model.h"

#include <string.h>

struct one {
    double value, weight;
    int point;
};

/* Merges of neighbouring runs, twice as long each time; the answer is where it is in the end. */
static struct one *put_in_order(struct one *from, struct one *to, int count) {
    for (int run = 1; run < count; run *= 2) {
        for (int first = 0; first < count; first += 2 * run) {
            const int middle = first + run < count ? first + run : count, last = middle + run < count ? middle + run : count;
            int left = first, right = middle;
            for (int place = first; place < last; place++) {
                const int later = left == middle || (right < last && from[right].value < from[left].value);
                to[place] = from[later ? right : left];
                right += later, left += !later;
            }
        }
        struct one *const before = from;
        from = to, to = before;
    }
    return from;
}

/* The first period that counts: of a product of which nothing is known of late, the very first. */
static int first_counted(const struct plan *plan, const struct group *group, int lane) {
    for (int time = plan->past_first; time < plan->periods; time++)
        if (group->known[time][lane] > 0) return plan->past_first;
    return 0;
}

void gather_past(const struct plan *plan, const struct group *group, int lane, struct past *to, double *spare) {
    struct one *const sold = (struct one *)(void *)spare, *ordered;
    const int first = first_counted(plan, group, lane);
    int count = 0, none = 0;
    for (int time = first; time < plan->periods; time++) {
        if (group->known[time][lane] == 0) continue;
        const struct one one = {group->counts[time][lane], plan->past_memory[time], point_of(plan, time)};
        if (one.value > 0) sold[count++] = one;
        else to->value[none] = 0, to->weight[none] = one.weight, to->point[none++] = one.point;
    }
    ordered = put_in_order(sold, sold + plan->periods, count);
    for (int place = 0; place < count; place++) {
        to->value[none + place] = ordered[place].value;
        to->weight[none + place] = ordered[place].weight;
        to->point[none + place] = ordered[place].point;
    }
    to->count = none + count;
}

void draw_past(const struct past *past, const double *likeness, int first, float *values) {
    const int count = turns(first);
    double total = 0, sum = 0;
    int entry = 0;
    for (int place = 0; place < past->count; place++)
        total += past->weight[place] * (likeness ? likeness[past->point[place]] : 1);
    for (int place = 0; place < past->count && entry < count; place++) {
        sum += past->weight[place] * (likeness ? likeness[past->point[place]] : 1);
        const double passed = (sum / total * PATHS - (0.5 + first)) / LAWS - 1e-9;
        const float value = (float)past->value[place];
        for (; entry < count && entry < passed; entry++) values[entry] = value;
    }
    for (; entry < count; entry++) values[entry] = past->count ? (float)past->value[past->count - 1] : 0;
}
