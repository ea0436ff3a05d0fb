/* The weighted past: what was sold before, as a distribution. */

#include "model.h"

struct one {
    double value, weight;
    int point;
};

/* Merges of neighbouring runs, twice as long each time; the answer is where it is in the end. */
static struct one *put_in_order(struct one *from, struct one *to, int count) {
    for (int run = 1; run < count; run *= 2) {
        for (int first = 0; first < count; first += 2 * run) {
            const int middle = first + run < count ? first + run : count;
            const int last = middle + run < count ? middle + run : count;
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

/* The next value, of which nothing is seen so far. */
static void open_value(struct past *to, double value) {
    to->value[to->count] = (float)value;
    for (int half = 0; half < HALVES; half++) to->weight[to->count * HALVES + half] = all(0);
    to->count++;
}

static void count_in(struct past *to, double weight, int point) {
    to->weight[(to->count - 1) * HALVES + point / LANES][point % LANES] += weight;
}

void gather_past(const struct plan *plan, const struct group *group, int lane, struct past *to) {
    const int first = first_counted(plan, group, lane);
    struct one *const sold = to->spare;
    int count = 0;
    to->count = 0;
    for (int time = first, point = point_of(plan, first); time < plan->periods; time++) {
        const double value = group->counts[time][lane], weight = plan->past_memory[time];
        if (value > 0) {
            sold[count++] = (struct one){value, weight, point};
        } else if (group->known[time][lane] > 0) {
            if (to->count == 0) open_value(to, 0);
            count_in(to, weight, point);
        }
        if (++point == plan->season) point = 0;
    }
    const struct one *const ordered = put_in_order(sold, sold + plan->periods, count);
    for (int place = 0; place < count; place++) {
        if (place == 0 || ordered[place].value != ordered[place - 1].value) open_value(to, ordered[place].value);
        count_in(to, ordered[place].weight, ordered[place].point);
    }
}

size_t past_size(int periods) {
    return (size_t)periods * (2 * sizeof(struct one) + HALVES * sizeof(lanes) + sizeof(lanes));
}

void set_up_past(struct past *past, int periods, lanes *memory) {
    past->weight = memory;
    past->value = (float *)(void *)(memory + (HALVES) * periods);
    past->spare = (struct one *)(void *)(memory + (HALVES + 1) * periods);
}

CLONES void draw_past(const struct past *past, const lanes *likeness, int first, float *values, int stride) {
    const int count = turns(first);
    lanes all_weights[HALVES] = {all(0)};
    double sum = 0, total = 0;
    int entry = 0;
    for (int place = 0; place < past->count * HALVES; place++) all_weights[place % HALVES] += past->weight[place];
    for (int half = 0; half < HALVES; half++) total += sum_of(all_weights[half] * likeness[half]);
    const double scale = total > 0 ? (double)PATHS / LAWS / total : 0, start = (0.5 + first) / LAWS + 1e-9;
    for (int place = 0; place < past->count && entry < count; place++) {
        const lanes *const weight = past->weight + place * HALVES;
        lanes each = weight[0] * likeness[0];
        for (int half = 1; half < HALVES; half++) each += weight[half] * likeness[half];
        sum += sum_of(each);
        const double passed = sum * scale - start;
        for (; entry < count && entry < passed; entry++) values[entry * stride] = past->value[place];
    }
    for (; entry < count; entry++) values[entry * stride] = past->count ? past->value[past->count - 1] : 0;
}
