/* Given the smoothing, level and share are a matter of least squares; only the smoothing is searched for.
 *
 * The best smoothing of a short or erratic history is mostly luck, so what is taken is the mean of all that
 * might be, each as likely as its errors make it. Errors of forecasts further ahead count as much as those of
 * the next period, since stock is ordered for many periods: what follows every turn forecasts the next day well
 * and the next month badly. */

#include "theta.h"

#include <math.h>

#define EXPLORED 18
#define SETTLING 3             /* first periods whose errors say more about the start than about the model */
#define AHEAD 7                /* periods, of the forecasts that are looked at beside those of the next */
#define EVIDENCE 0.25          /* of what independent normal errors would be: demand is neither */
#define SHARE 0.5              /* how far from none the share of the lag is thought to lie, before looking */
#define ROUNDING 1e-12         /* squares below this, of demand whose mean is 1, are none */

static const double SMOOTHING[EXPLORED] = {.005, .01, .02, .035, .05, .07, .1, .14, .19,
                                           .25, .32, .4, .5, .6, .7, .8, .9, .98};

/* Sums of products of what level, share and neither of them explain: u, v and r; and how many there are. */
struct sums {
    lanes uu, vv, uv, ur, vr, rr, n;
};

struct solution {
    lanes level, share, squares;
};

CLONES void look_back(struct past *past) {
    const struct columns *from = past->columns;
    lanes n = all(0), y = n, t = n, tt = n, ty = n, all_known = n;
    past->largest = all(0);
    for (int time = 0; time < from->periods; time++) all_known += from->known[time];
    const lanes settling = smaller(all(SETTLING), all_known / 4);
    for (int time = 0; time < from->periods; time++) {
        const lanes known = from->known[time], demand = past->demand[time], now = known * (time + 1);
        const lanes spread = n * tt - t * t;
        past->slope[time] = pick(spread > 0, (n * ty - t * y) / larger(spread, all(1e-300)), all(0));
        past->intercept[time] = (y - past->slope[time] * t) / larger(n, all(1));
        past->judged[time] = known * pick(n + 1 > settling, all(1), all(0));
        past->largest = larger(past->largest, demand);
        n += known, y += known * demand, t += now, tt += now * now, ty += now * demand;
    }
    const lanes spread = n * tt - t * t;
    past->slope[from->periods] = pick(spread > 0, (n * ty - t * y) / larger(spread, all(1e-300)), all(0));
    past->intercept[from->periods] = (y - past->slope[from->periods] * t) / larger(n, all(1));
}

INLINE void add(struct sums *to, lanes judged, lanes u, lanes v, lanes r) {
    u *= judged, v *= judged, r *= judged, to->n += judged;
    to->uu += u * u, to->vv += v * v, to->uv += u * v;
    to->ur += u * r, to->vr += v * r, to->rr += r * r;
}

/* Of forecasts of the next period, and of forecasts made AHEAD periods before. */
CLONES static void add_up(const struct past *past, const lanes *smoothing, struct sums *next, struct sums *far) {
    const lanes alpha = *smoothing, keep = 1 - alpha, inverse = 1 / alpha;
    struct sums near_sums = {0}, far_sums = {0};
    lanes level = all(0), q = all(1), levels[AHEAD], qs[AHEAD];
    for (int slot = 0; slot < AHEAD; slot++) levels[slot] = level, qs[slot] = q;
    for (int time = 0, slot = 0; time < past->columns->periods; time++) {
        const lanes judged = past->judged[time], moved = past->columns->known[time] * alpha;
        const lanes demand = past->demand[time], intercept = past->intercept[time], slope = inverse * past->slope[time];
        levels[slot] = level, qs[slot] = q;
        if (++slot == AHEAD) slot = 0;
        const lanes then = levels[slot], q_then = qs[slot];
        add(&near_sums, judged, q, q * intercept + (1 - q * keep) * slope, demand - level);
        add(&far_sums, judged, q_then, q_then * intercept + (1 - q_then * keep) * slope, demand - then);
        level += moved * (demand - level);
        q -= moved * q;
    }
    *next = near_sums;
    *far = far_sums;
}

/* The share lies between none of the lag, which is plain smoothing, and all of it; a normal prior around none
 * keeps short histories from finding trends in noise. */
static struct solution solve(const struct sums *of) {
    struct solution best;
    const lanes uu = of->uu + 1e-300, plain = larger(of->rr - of->ur * of->ur / uu, all(0));
    const lanes vv = of->vv + plain / larger(of->n, all(1)) / (SHARE * SHARE), spread = uu * vv - of->uv * of->uv;
    const lanes share = (uu * of->vr - of->uv * of->ur) / larger(spread, all(1e-300));
    best.share = pick(spread > 1e-9 * uu * vv, smaller(larger(share, all(0)), all(1)), all(0));
    best.level = (of->ur - best.share * of->uv) / uu;
    best.squares = of->rr + best.level * best.level * of->uu + best.share * best.share * of->vv +
                   2 * (best.level * best.share * of->uv - best.level * of->ur - best.share * of->vr);
    return best;
}

/* The mean of the smoothing, by how likely each is; constant demand is likelier than demand that jumps. */
static lanes smoothing_of(const lanes *costs, lanes count) {
    lanes least = costs[0], alpha;
    for (int i = 1; i < EXPLORED; i++) least = smaller(least, costs[i]);
    for (int lane = 0; lane < LANES; lane++) {
        double weights = 0, weighted = 0;
        for (int i = 0; i < EXPLORED; i++) {
            const double keep = 1 - SMOOTHING[i], much = EVIDENCE / 2 * count[lane];
            const double weight = keep * keep * exp(-much * (costs[i][lane] - least[lane]));
            weights += weight;
            weighted += weight * SMOOTHING[i];
        }
        alpha[lane] = weighted / weights;
    }
    return alpha;
}

struct model fit_theta(const struct past *past) {
    lanes costs[EXPLORED], count = all(0);
    struct sums next, far;
    for (int time = 0; time < past->columns->periods; time++) count += past->judged[time];
    for (int i = 0; i < EXPLORED; i++) {
        const lanes alpha = all(SMOOTHING[i]);
        add_up(past, &alpha, &next, &far);
        const lanes near_cost = logarithm(larger(solve(&next).squares, all(0)) + ROUNDING);
        costs[i] = (near_cost + logarithm(larger(solve(&far).squares, all(0)) + ROUNDING)) / 2;
    }
    const lanes alpha = smoothing_of(costs, count);
    add_up(past, &alpha, &next, &far);
    const struct solution best = solve(&next);
    const struct model model = {alpha, best.level, best.share};
    return model;
}
