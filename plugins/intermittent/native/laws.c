/* Quantiles of the negative binomial and its kin; see `laws.py`, `counted.py` and `spaced.py`. */

#include "model.h"

#include <math.h>

#define LEAST_MEAN 1e-9
#define LEAST_RATIO 1e-3
#define ABOVE 6.0              /* standard deviations, and */
#define TAIL 8.0               /* ratios of variance to mean above the mean, at which a law ends */
#define FEW 24
#define CELLS 64               /* at most; where demand may be more, cells are wider than one unit */
#define GROUPS (CELLS / LANES)
#define POISSON 1.001
#define ROOM 1.05
#define ROUNDS 5
#define REGULAR_ROUNDS 3
#define BELOW 6.0
#define HALF_LOG_TWO_PI 0.9189385332046727

/* One law: where its cells begin and end, and the distribution function at the end of each. */
struct law {
    int cells;
    double share[CELLS], edge[CELLS + 1];
};

static const lanes FIRST_EIGHT = {0, 1, 2, 3, 4, 5, 6, 7};

INLINE double bounded(double value, double low, double high) { return fmin(fmax(value, low), high); }

INLINE void negative_binomial(double mean, double ratio, struct law *to) {
    const double excess = fmax(ratio, POISSON) - 1, size = mean / excess, rest = excess / (1 + excess);
    double mass = 1, sum = 1;
    double factor[CELLS];
    for (int cell = 1; cell < to->cells; cell++) factor[cell] = (size + (cell - 1)) * (1.0 / cell) * rest;
    to->share[0] = 1;
    for (int cell = 1; cell < to->cells; cell++) to->share[cell] = sum += mass *= factor[cell];
}

/* exp(tilt k) / (k!)^power, the largest 1. */
INLINE void tilted(double power, double tilt, const lanes *factorials, int groups, lanes *mass) {
    double largest = -INFINITY;
    for (int group = 0; group < groups; group++) {
        mass[group] = tilt * (FIRST_EIGHT + LANES * group) - power * factorials[group];
        largest = fmax(largest, largest_of(mass[group]));
    }
    for (int group = 0; group < groups; group++) mass[group] = exponential(mass[group] - largest);
}

INLINE void conway_maxwell(double mean, double ratio, struct law *to) {
    lanes factorials[GROUPS], mass[GROUPS];
    const int groups = to->cells / LANES;
    double sum = 0, between = mean - floor(mean);
    for (int cell = 0; cell < to->cells; cell++)
        factorials[cell / LANES][cell % LANES] = sum += cell > 1 ? log(cell) : 0;
    ratio = fmax(ratio, ROOM * between * (1 - between) / mean);
    double power = 1 / ratio, tilt = power * log(mean + (1 - ratio) / 2 * fmin(mean, 1));
    for (int round = 0; round < ROUNDS; round++) {
        lanes total = all(0), first = all(0), second = all(0);
        tilted(power, tilt, factorials, groups, mass);
        for (int group = 0; group < groups; group++) {
            const lanes count = FIRST_EIGHT + LANES * group;
            total += mass[group], first += mass[group] * count, second += mass[group] * count * count;
        }
        const double whole = sum_of(total), found = sum_of(first) / whole;
        const double spread = fmax(sum_of(second) / whole - found * found, 1e-6);
        const double scale = round < REGULAR_ROUNDS ? bounded(spread / (mean * ratio), 0.5, 2) : 1;
        power *= scale, tilt *= scale;
        tilt += bounded(scale * (mean - found) / spread, -2, 2);
    }
    tilted(power, tilt, factorials, groups, mass);
    sum = 0;
    for (int cell = 0; cell < to->cells; cell++) to->share[cell] = sum += mass[cell / LANES][cell % LANES];
}

/* Stirling's series eight above, and back by recurrence. */
INLINE lanes log_gamma(lanes x) {
    const lanes product = x * (x + 1) * ((x + 2) * (x + 3)) * ((x + 4) * (x + 5)) * ((x + 6) * (x + 7));
    const lanes far = x + 8, inverse = 1 / far, square = inverse * inverse;
    const lanes series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260)));
    return (far - 0.5) * logarithm(far) - far + series - logarithm(product) + HALF_LOG_TWO_PI;
}

/* To the power of 2.5. */
INLINE double widening(double share) { return share * share * sqrt(share); }

INLINE void space_out(double mean, double ratio, double highest, double *edge) {
    const double low = floor(fmax(mean - BELOW * sqrt(mean * fmax(ratio, 0.3)), 0));
    const double span = fmax(ceil(highest) - low, CELLS);
    for (int cell = 0; cell <= CELLS; cell++)
        edge[cell] = low + floor(cell + (span - CELLS) * widening((double)cell / CELLS) + 1e-9);
}

INLINE void spaced(double mean, double ratio, double highest, struct law *to) {
    const int scattered = ratio > POISSON;
    const double size = scattered ? mean / (ratio - 1) : 1, tempered = scattered ? 1 : 1 / ratio;
    const double place = log(scattered ? mean / (mean + size) : mean + (1 - ratio) / 2);
    lanes term[GROUPS];
    double largest = -INFINITY, sum = 0;
    space_out(mean, ratio, highest, to->edge);
    for (int group = 0; group < GROUPS; group++) {
        lanes middle, wide;
        for (int lane = 0; lane < LANES; lane++) {
            const double *const edge = to->edge + group * LANES + lane;
            middle[lane] = (edge[0] + edge[1] - 1) / 2, wide[lane] = edge[1] - edge[0];
        }
        term[group] = logarithm(wide) + tempered * (middle * place - log_gamma(middle + 1));
        if (scattered) term[group] += log_gamma(middle + size);
        largest = fmax(largest, largest_of(term[group]));
    }
    for (int group = 0; group < GROUPS; group++) term[group] = exponential(term[group] - largest);
    for (int cell = 0; cell < CELLS; cell++) to->share[cell] = sum += term[cell / LANES][cell % LANES];
}

/* The share at the end of a cell, as a number of entries passed: those of this law whose level it reaches. */
INLINE int passed(double share, int first, int count) {
    const double entries = ceil((share * PATHS - (0.5 + first)) * (1.0 / LAWS) - 1e-9);
    return entries > count ? count : entries > 0 ? (int)entries : 0;
}

INLINE float within_cell(const struct law *law, int cell, double level, double begin, double end, int whole) {
    const double left = law->edge[cell], right = law->edge[cell + 1];
    const double value = left + bounded((level - begin) / fmax(end - begin, 1e-12), 0, 1) * (right - left);
    return (float)(whole ? fmin(floor(value), right - 1) : fmax(value - 0.5, 0));
}

/* Reads the quantiles off, of the law with probability `chance`. */
INLINE void read_off(const struct law *law, double chance, int counted, int whole, int first, float *values,
                     int stride) {
    const int count = turns(first);
    const double none = 1 - chance, each = chance / law->share[law->cells - 1];
    double begin = 0;
    for (int cell = 0, entry = 0; entry < count && cell < law->cells; cell++) {
        const double end = none + each * law->share[cell];
        const int until = cell == law->cells - 1 ? count : passed(end, first, count);
        for (; entry < until; entry++)
            values[entry * stride] =
                counted ? (float)cell
                        : within_cell(law, cell, (first + LAWS * entry + 0.5) / PATHS, begin, end, whole);
        begin = end;
    }
}

CLONES void quantiles_of(double mean, double ratio, double chance, int whole, int first, float *values, int stride) {
    struct law law;
    mean = fmax(mean, LEAST_MEAN), ratio = fmax(ratio, LEAST_RATIO);
    const double highest = mean + ABOVE * sqrt(mean * ratio) + TAIL * fmax(ratio, 0.5);
    const int counted = highest <= CELLS;
    law.cells = highest <= FEW ? FEW : CELLS;
    if (!counted) spaced(mean, ratio, highest, &law);
    else if (ratio < 1) conway_maxwell(mean, ratio, &law);
    else negative_binomial(mean, ratio, &law);
    read_off(&law, chance, counted, whole, first, values, stride);
}
