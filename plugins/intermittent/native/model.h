/* The filtered count model of a group of eight products; `levels.py`, `seasons.py` and `laws.py` say why. */

#ifndef INVENTORYAI_INTERMITTENT_MODEL_H
#define INVENTORYAI_INTERMITTENT_MODEL_H

#include "lanes.h"

#include <stddef.h>

#define PATHS 256
#define LAWS 3
#define MOST_LEVELS 4
#define MOST_POINTS 12
#define LONGEST_BLOCK 7
#define TINY 1e-12

/* What is the same for all products of a call. */
struct plan {
    int periods;               /* of the past, T */
    int season, phases;        /* points told apart, and how many of them the horizon has */
    int past_first;            /* the first period that demand is drawn from */
    int levels, block, blocks; /* how many levels, periods in a block, and blocks */
    int lag, span;             /* blocks that a forecast looks ahead, and that a horizon has */
    double off_season;
    double within[MOST_LEVELS][LONGEST_BLOCK], fading[MOST_LEVELS];
    double *season_memory, *past_memory, *trust; /* [periods] twice, [blocks] */
};

/* The histories of eight products; spare lanes repeat the last. */
struct group {
    lanes *counts, *known;     /* [periods] */
    lanes *part, *part_known;  /* [periods], of what is filtered just now */
    lanes *scratch;            /* [(blocks + 1) · (7 + 2 levels)] */
};

struct seasons {
    lanes factors[MOST_POINTS], spent;
};

struct filtered {
    lanes level, ratio, dependence;
};

/* Which point of the season a past period has, counted from the first step of the horizon. */
INLINE int point_of(const struct plan *plan, int time) {
    const int rest = (time - plan->periods) % plan->season;
    return rest < 0 ? rest + plan->season : rest;
}

/* All bits set for the products whose season is told apart. */
void look_for_season(const struct plan *, const lanes *counts, const lanes *known, marks *moving);

/* Factors of a part; 1 for the products that are not marked. */
void take_season(const struct plan *, const lanes *counts, const lanes *known, const marks *moving, struct seasons *);

void filter(const struct plan *, const lanes *counts, const lanes *known, const struct seasons *, lanes *scratch,
            struct filtered *);

/* The law's quantiles at the levels (first + 3 i + ½) / PATHS, with probability `chance`, and nothing with the rest:
 * `values` is a column of a table, whose rows are `stride` apart. */
void quantiles_of(double mean, double ratio, double chance, int whole, int first, float *values, int stride);

/* How many entries of a table the law that takes its turn at `first` has. */
INLINE int turns(int first) { return (PATHS - first + LAWS - 1) / LAWS; }

#define HALVES ((MOST_POINTS + LANES - 1) / LANES)

/* The weighted past of one product: different values in rising order, and what each counts by point of the season. */
struct past {
    int count;
    float *value;              /* [periods] */
    lanes *weight;             /* [periods · HALVES] */
    struct one *spare;         /* [2 periods] */
};

/* Bytes that it takes, and where they are; `memory` is aligned. */
size_t past_size(int periods);
void set_up_past(struct past *, int periods, lanes *memory);

void gather_past(const struct plan *, const struct group *, int lane, struct past *);

/* Its quantiles, where a period at each point of the season counts for `likeness`, [HALVES]. */
void draw_past(const struct past *, const lanes *likeness, int first, float *values, int stride);

#endif
