/* One run through the histories: the errors of a form, and how they depend on its parameters.
 *
 * Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, tables 2.1 to 2.3, in
 * error-correction form. Derivatives with respect to smoothing parameters and to initial states travel
 * along with the states. An unknown period has an error of 0 and counts for nothing. */

/* Thirty functions in three copies: these take GCC a quarter of its time, and find nothing. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-gcse-after-reload", "no-tree-pre", "no-split-loops", "no-unswitch-loops")
#endif

#include "model.h"

#define FLOOR 1e-8   /* of a forecast, where it has to be positive; demand is scaled to a mean of 1 */
#define IMPOSSIBLE 1e30

struct step {
    lanes known, slope, level_error, error, up, seasonal, per_up, per_seasonal, alpha, beta, gamma, phi;
};

/* How much a parameter itself changes the smoothing constants. */
struct seed {
    lanes alpha, beta, gamma, phi;
};

/* The derivative of one error, after which the derivatives of the states are those of the next period. */
INLINE lanes propagate(const int trend, const int season, const struct step *now, const struct seed *seed,
                       lanes *level, lanes *slope, lanes *seasonal) {
    lanes up = *level, slow = all(0);
    if (trend == TREND) slow = *slope;
    if (trend == DAMPED_TREND) slow = now->phi * *slope;
    if (trend == DAMPED_TREND && seed) slow += seed->phi * now->slope;
    if (trend != NO_TREND) up += slow;
    lanes forecast = up;
    if (season == ADDITIVE_SEASON) forecast = up + *seasonal;
    if (season == MULTIPLICATIVE_SEASON) forecast = up * now->seasonal + now->up * *seasonal;
    lanes error = -now->known * forecast, level_error = error, season_error = error;
    if (season == MULTIPLICATIVE_SEASON) {
        level_error = (error - now->level_error * *seasonal) * now->per_seasonal;
        season_error = (error - now->error * now->per_up * up) * now->per_up;
    }
    *level = up + now->alpha * level_error;
    if (trend != NO_TREND) *slope = slow + now->beta * level_error;
    if (season != NO_SEASON) *seasonal += now->gamma * season_error;
    if (seed) {
        *level += seed->alpha * now->level_error;
        if (trend != NO_TREND) *slope += seed->beta * now->level_error;
        if (season == ADDITIVE_SEASON) *seasonal += seed->gamma * now->error;
        if (season == MULTIPLICATIVE_SEASON) *seasonal += seed->gamma * now->error * now->per_up;
    }
    return error;
}

/* Adds the products of the columns of some rows to a corner of the normal equations. */
INLINE void add_tile(lanes (*gram)[MOST + TILE], lanes (*rows)[MOST + TILE], int count, int down, int across) {
    lanes sum[TILE][TILE];
#pragma GCC unroll 4
    for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
        for (int j = 0; j < TILE; j++) sum[i][j] = gram[down + i][across + j];
    for (int row = 0; row < count; row++) {
#pragma GCC unroll 4
        for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
            for (int j = 0; j < TILE; j++) sum[i][j] += rows[row][down + i] * rows[row][across + j];
    }
#pragma GCC unroll 4
    for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
        for (int j = 0; j < TILE; j++) gram[down + i][across + j] = sum[i][j];
}

INLINE void add_rows(struct evaluation *out, struct scratch *work, int count, int columns) {
    for (int down = 0; down < columns; down += TILE)
        for (int across = 0; across <= down; across += TILE)
            add_tile(out->gram, work->rows, count, down, across);
}

/* Before the first period: what each parameter changes at once, and no sums yet. */
INLINE void begin(const int trend, const int season, int length, const struct places *at, int columns, const lanes *x,
                  struct seed *seeds, struct evaluation *out, struct scratch *work) {
    for (int p = 0; p < SMOOTHING; p++) seeds[p] = (struct seed){all(0), all(0), all(0), all(0)};
    seeds[0].alpha = all(1);
    if (trend != NO_TREND) seeds[0].beta = x[at->beta], seeds[at->beta].beta = x[0];
    if (season != NO_SEASON) seeds[0].gamma = -x[at->gamma], seeds[at->gamma].gamma = 1 - x[0];
    if (trend == DAMPED_TREND) seeds[at->phi].phi = all(1);
    for (int p = 0; p < at->count; p++) {
        work->level[p] = all(p == at->level);
        work->trend[p] = all(trend != NO_TREND && p == at->trend);
        work->scale[p] = all(0);
        if (season == NO_SEASON) continue;
        for (int slot = 0; slot < length; slot++) work->season[slot * at->count + p] = all(p == at->season + slot);
    }
    for (int i = 0; i < columns; i++)
        for (int j = 0; j < columns; j++) out->gram[i][j] = all(0);
    for (int row = 0; row < ROWS; row++)
        for (int i = at->count + 1; i < columns; i++) work->rows[row][i] = all(0);
}

/* The derivatives of one error: a row for the normal equations. */
INLINE void note(const int error, const int trend, const int season, int slot, const struct places *at,
                 const struct step *now, const struct seed *seeds, lanes per_forecast, lanes weight, lanes *row,
                 struct scratch *work) {
    lanes *const states = work->season + (season == NO_SEASON ? 0 : slot * at->count);
    for (int p = 0; p < at->level; p++)
        row[p] = propagate(trend, season, now, &seeds[p], &work->level[p], &work->trend[p], &states[p]);
    for (int p = at->level; p < at->count; p++)
        row[p] = propagate(trend, season, now, 0, &work->level[p], &work->trend[p], &states[p]);
    if (error == ADDITIVE_ERROR) return;
    for (int p = 0; p < at->count; p++) {
        work->scale[p] -= row[p] * per_forecast;
        row[p] *= weight;
    }
}

/* The likelihood of relative errors is that of errors times the geometric mean of the forecasts: so are the columns. */
INLINE void mend(int count, lanes known, struct evaluation *out, struct scratch *work) {
    lanes *const scale = work->scale, *const own = out->gram[count];
    for (int i = 0; i < count; i++) scale[i] /= known;
    for (int i = 0; i < count; i++)
        for (int j = 0; j <= i; j++)
            out->gram[i][j] += scale[i] * (own[j] + out->squares * scale[j]) + scale[j] * own[i];
    for (int i = 0; i < count; i++) own[i] += out->squares * scale[i];
}

INLINE void run(const int error_kind, const int trend, const int season, const int derive,
                const struct group *group, const lanes *x, struct evaluation *out, struct scratch *work) {
    const int length = season == NO_SEASON ? 1 : group->season;
    const struct places at = places_of(trend, season, length);
    const int count = at.count, columns = (count + TILE) / TILE * TILE;
    struct step now;
    struct seed seeds[SMOOTHING];
    lanes ring[LONGEST_SEASON];
    lanes level = x[at.level], squares = all(0), raw = all(0), logs = all(0), product = all(1);
    lanes lowest = all(1); /* of what has to be positive */
    now.alpha = x[0];
    now.slope = trend == NO_TREND ? all(0) : x[at.trend];
    now.beta = trend == NO_TREND ? all(0) : x[0] * x[at.beta];
    now.gamma = season == NO_SEASON ? all(0) : (1 - x[0]) * x[at.gamma];
    now.phi = trend == DAMPED_TREND ? x[at.phi] : all(1);
    if (season != NO_SEASON) {
        for (int slot = 0; slot + 1 < length; slot++) ring[slot] = x[at.season + slot];
        ring[length - 1] = group->seasonal[season][length - 1];
    }
    if (derive) begin(trend, season, length, &at, columns, x, seeds, out, work);
    for (int time = 0, slot = 0, row = 0; time < group->periods; time++) {
        lanes slow = trend == DAMPED_TREND ? now.phi * now.slope : now.slope;
        now.up = trend == NO_TREND ? level : level + slow;
        now.known = group->known[time];
        lanes forecast = now.up, per_forecast = all(1);
        if (season != NO_SEASON) now.seasonal = ring[slot];
        if (season == ADDITIVE_SEASON) forecast = now.up + now.seasonal;
        if (season == MULTIPLICATIVE_SEASON) {
            lowest = smaller(lowest, smaller(now.up, now.seasonal) + (1 - now.known));
            now.up = larger(now.up, all(FLOOR));
            now.seasonal = larger(now.seasonal, all(FLOOR));
            forecast = now.up * now.seasonal;
            now.per_up = 1 / now.up;
            now.per_seasonal = 1 / now.seasonal;
        }
        lanes demand = group->demand[time];
        if (error_kind == MULTIPLICATIVE_ERROR) {
            lowest = smaller(lowest, forecast + (1 - now.known));
            forecast = larger(forecast, all(FLOOR));
            per_forecast = season == MULTIPLICATIVE_SEASON ? now.per_up * now.per_seasonal : 1 / forecast;
            product *= 1 + now.known * (forecast - 1);
            if (time % 8 == 7) logs += logarithm(product), product = all(1);
        }
        now.error = now.known * (demand - forecast);
        now.level_error = season == MULTIPLICATIVE_SEASON ? now.error * now.per_seasonal : now.error;
        lanes relative = now.error * per_forecast;
        raw += now.error * now.error;
        squares += relative * relative;
        if (derive) {
            const lanes weight = demand * per_forecast * per_forecast;
            note(error_kind, trend, season, slot, &at, &now, seeds, per_forecast, weight, work->rows[row], work);
            work->rows[row][count] = relative;
            if (++row == ROWS || time + 1 == group->periods) add_rows(out, work, row, columns), row = 0;
        }
        level = now.up + now.alpha * now.level_error;
        if (trend != NO_TREND) now.slope = slow + now.beta * now.level_error;
        if (season == ADDITIVE_SEASON) ring[slot] = now.seasonal + now.gamma * now.error;
        if (season == MULTIPLICATIVE_SEASON) ring[slot] = now.seasonal + now.gamma * now.error * now.per_up;
        if (season != NO_SEASON && ++slot == length) slot = 0;
    }
    out->squares = squares;
    out->raw = raw;
    out->cost = logarithm(squares + NOTHING);
    if (error_kind == MULTIPLICATIVE_ERROR) {
        out->cost += 2 / group->count * (logs + logarithm(product));
        if (derive) mend(count, group->count, out, work);
    }
    out->cost = pick(lowest > FLOOR, out->cost, all(IMPOSSIBLE));
    out->cost = pick(squares < IMPOSSIBLE, out->cost, all(IMPOSSIBLE)); /* nor if it is not a number */
}

#define FORM(ERROR, TREND_, SEASON)                                                                                    \
    CLONES static void cost_##ERROR##TREND_##SEASON(const struct group *group, const lanes *x, struct evaluation *out, \
                                                    struct scratch *work) {                                            \
        run(ERROR, TREND_, SEASON, 0, group, x, out, work);                                                            \
    }                                                                                                                  \
    CLONES static void derivatives_##ERROR##TREND_##SEASON(const struct group *group, const lanes *x,                  \
                                                           struct evaluation *out, struct scratch *work) {             \
        run(ERROR, TREND_, SEASON, 1, group, x, out, work);                                                            \
    }
#define TRENDS(ERROR, SEASON) FORM(ERROR, 0, SEASON) FORM(ERROR, 1, SEASON) FORM(ERROR, 2, SEASON)
TRENDS(0, 0) TRENDS(0, 1) TRENDS(1, 0) TRENDS(1, 1) TRENDS(1, 2)

#define ROW(WHAT, ERROR, TREND_) WHAT##_##ERROR##TREND_##0, WHAT##_##ERROR##TREND_##1
evaluate *const cost_of[FORMS] = {
    ROW(cost, 0, 0), 0, ROW(cost, 0, 1), 0, ROW(cost, 0, 2), 0,
    ROW(cost, 1, 0), cost_102, ROW(cost, 1, 1), cost_112, ROW(cost, 1, 2), cost_122};
evaluate *const derivatives_of[FORMS] = {
    ROW(derivatives, 0, 0), 0, ROW(derivatives, 0, 1), 0, ROW(derivatives, 0, 2), 0,
    ROW(derivatives, 1, 0), derivatives_102, ROW(derivatives, 1, 1), derivatives_112,
    ROW(derivatives, 1, 2), derivatives_122};
