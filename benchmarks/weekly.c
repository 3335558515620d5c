/* The week of the model in plain C, one world at a time: a practical limit of speed.
 *
 * It does for the Armenian baseline what docs/model.md describes (sections are those of its part 3.4)
 * and nothing else: no balance drift, no forced postures, of interventions only levels of ties. It is
 * no second authority; run.py refuses to time it unless it agrees with the package without luck.
 *
 * tables.h is written by run.py from the package and the case: names of the parameters as indices of
 * a world's row, places of the roles, tables of the decision rules, ties and their thresholds. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tables.h"

#define D(d) for (int d = 0; d < 3; d++)
#define P(name) (w->p[name])

enum { SECURITY, ECONOMY, POLITICS };
enum { INCUMBENT, RIVAL }; /* seats; actors have the names of roles with _ACTOR */
enum { LOYAL, HEDGE, PIVOT, NEUTRAL };
enum { NEGLECT, WARN, REWARD, COERCE };
enum { HOLD, OFFER, DISENGAGE };
enum { WAR_LOAD, ENGAGEMENT, PEACE, STAKE, TRANSIT };
enum { INCUMBENT_CHAIR, TWO_CHAIRS, RIVAL_CHAIR, BETWEEN_CHAIRS };
enum { TILT, BREADTH, SPLIT, STRAIN, R_SEAT, W_SEAT, SAFETY, WELFARE, AUTONOMY, FORCE, REGIME, OUTCOMES };

typedef struct {
    double score, omega[3], weight, severity, coverage;
    int32_t week, actor, target, material, attack, defended;
} Event;

typedef struct { /* condition `what`, or the level of tie `what` */
    double value;
    int32_t week, is_tie, what;
} Change;

typedef struct {
    double level;
    int down, up, earned;
} Memory;

typedef struct {
    const double *p; /* this world's parameters */
    uint64_t random;
    int luck, acting, week;
    double keep_fast, keep_slow, keep_belief, keep_threat, keep_fatigue;
    double fast[ACTORS][ACTORS][3], slow[ACTORS][ACTORS][3];
    double new_fast[ACTORS][ACTORS][3], new_slow[ACTORS][ACTORS][3]; /* impulses of a stage */
    double kept[2], broken[2], bond, threat, self_help, coercion, fatigue; /* bond: D_R^sec */
    double conditions[5], membership[2][3];
    Memory ties[TIES];
    int posture, quarters_of_loss, warnings, approaches[2], coercions_running, coercions, offered, kept_promise;
    double A[2][3], seats[2][3], R, W, tilt; /* the position: regard for the patrons, o, R, W, T */
    int held[2], regime;
} World;

static double most(double a, double b) { return a > b ? a : b; }
static double least(double a, double b) { return a < b ? a : b; }
static double relaxed(double value, double rest, double keep) { return rest + (value - rest) * keep; }

static double uniform(World *w) { /* xorshift64*, never 0 */
    uint64_t x = w->random;
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    w->random = x;
    return (double)((x * 2685821657736338717ULL) >> 11) * 0x1p-53 + 0x1p-54;
}

static double weighted(const World *w, const double x[3]) {
    return P(weight_security) * x[0] + P(weight_economy) * x[1] + P(weight_politics) * x[2];
}

static void regard(const World *w, int i, int j, double A[3]) { /* 3.4.1 */
    D(d) A[d] = tanh(ANCHOR[i][j][d] + w->fast[i][j][d] + w->slow[i][j][d]);
}

/* --- 3.4.2 acts -------------------------------------------------------------------------------- */

static void impulse(World *w, int i, int j, int d, double change, double share) {
    w->new_fast[i][j][d] += share * change;
    w->new_slow[i][j][d] += change - share * change;
}

static double felt(const World *w, double x) { return x < 0 ? P(negativity) * x : x; }

static void watched(World *w, int a, int g, double score, const double omega[3], int material,
                    double weight, double noticed) { /* noticed: by observers */
    if (weight == 0) return;
    double x = score / 10, m = material ? weight : weight * P(verbal_weight);
    double share = material ? P(material_fast_share) : P(verbal_fast_share);
    D(d) impulse(w, g, a, d, P(reception_gain) * m * omega[d] * felt(w, x), share);
    D(d) impulse(w, a, g, d, P(expression_gain) * m * omega[d] * x, share);
    for (int k = 0; k < ACTORS; k++) {
        if (k == a || k == g) continue;
        double q[3], dislike[3];
        regard(w, k, g, q);
        if (k == INCUMBENT_ACTOR && g == PIVOT_ACTOR && x > 0) {
            regard(w, k, a, dislike);
            D(d) if (dislike[d] < 0) q[d] = dislike[d];
        }
        D(d) impulse(w, k, a, d, P(observer_gain) * m * noticed * omega[d] * felt(w, x * q[d]), share);
    }
}

static void act(World *w, int a, int g, double score, const double omega[3], int material, double weight) {
    watched(w, a, g, score, omega, material, weight, 1);
}

static int remembered(int before, int again) { return again ? before + 1 : before > 0 ? before - 1 : 0; }

static void add_impulses(World *w) {
    double *fast = &w->fast[0][0][0], *slow = &w->slow[0][0][0];
    const double *new_fast = &w->new_fast[0][0][0], *new_slow = &w->new_slow[0][0][0];
    for (int n = 0; n < ACTORS * ACTORS * 3; n++) fast[n] += new_fast[n], slow[n] += new_slow[n];
    memset(w->new_fast, 0, sizeof w->new_fast);
    memset(w->new_slow, 0, sizeof w->new_slow);
}

/* --- 3.4.3 attacks and the alliance test ------------------------------------------------------- */

static double covered(const World *w, double coverage) {
    return w->ties[TREATY].level > 0 ? coverage : 0;
}

static void answer(World *w, double severity, double coverage, int defended, double weight) {
    double kept = P(defence_score) * (1 - 0.5 * P(expectation_violation) * coverage);
    double broken = P(refusal_score) - P(defence_score) * P(expectation_violation) * coverage;
    act(w, INCUMBENT_ACTOR, PIVOT_ACTOR, defended ? kept : broken, TEST_DOMAINS, 1, weight * severity);
}

static void suffer(World *w, double severity, double coverage, int defended) {
    *(defended ? &w->kept[INCUMBENT] : &w->broken[INCUMBENT]) += severity * coverage;
    w->threat = least(1, w->threat + P(threat_jump) * severity);
    w->kept_promise |= defended && severity * coverage > 0;
}

/* --- 3.4.4, 3.4.5 protection and seats --------------------------------------------------------- */

static double attention(const World *w) { return 1 - P(attention_loss) * w->conditions[WAR_LOAD]; }

static double belief(const World *w, int p) { return w->kept[p] / (w->kept[p] + w->broken[p]); }

static double protection(const World *w, double e_R, double e_W) {
    double floor = P(inattentive_protection), g = w->conditions[ENGAGEMENT];
    double shield_R = e_R * belief(w, INCUMBENT) * P(incumbent_local_protection);
    double shield_W = e_W * belief(w, RIVAL) * P(rival_local_protection);
    shield_R *= floor + (1 - floor) * attention(w);
    shield_W *= floor + (1 - floor) * g;
    return 1 - (1 - w->self_help) * (1 - shield_R) * (1 - shield_W);
}

static void measure_membership(World *w) {
    for (int p = 0; p < 2; p++) D(d) {
        double total = BASE[p][d];
        for (int t = 0; t < TIES; t++)
            if (TIE_SEAT[t] == p) total += TIE_WEIGHT[t][d] * w->ties[t].level;
        w->membership[p][d] = least(1, total);
    }
}

static void measure_position(World *w) {
    double share = P(institution_share), transit = w->conditions[TRANSIT];
    double caps[3] = {P(rival_cap_security), P(rival_cap_economy) * transit, P(rival_cap_politics)};
    regard(w, PIVOT_ACTOR, INCUMBENT_ACTOR, w->A[INCUMBENT]);
    regard(w, PIVOT_ACTOR, RIVAL_ACTOR, w->A[RIVAL]);
    for (int p = 0; p < 2; p++) D(d) {
        double o = (1 - share) * most(0, w->A[p][d]) + share * w->membership[p][d];
        w->seats[p][d] = p == RIVAL ? caps[d] * o : o;
    }
    w->R = weighted(w, w->seats[INCUMBENT]);
    w->W = weighted(w, w->seats[RIVAL]);
    w->tilt = w->W - w->R;
}

static double loss(const World *w, double tilt) {
    return most(0, (tilt - P(tolerated_tilt)) / (1 - P(tolerated_tilt)));
}

static double hostility(const World *w) {
    double there[3], back[3];
    regard(w, INCUMBENT_ACTOR, RIVAL_ACTOR, there);
    regard(w, RIVAL_ACTOR, INCUMBENT_ACTOR, back);
    return most(0, -0.5 * (weighted(w, there) + weighted(w, back)));
}

/* --- 3.4.7 to 3.4.10 decisions ----------------------------------------------------------------- */

static int choose(World *w, const double *utilities, int options) {
    int best = 0;
    double highest = -INFINITY;
    for (int n = 0; n < options; n++) {
        double u = utilities[n];
        if (w->luck) u -= P(choice_temperature) * log(-log(uniform(w)));
        if (u > highest) highest = u, best = n;
    }
    return best;
}

static double worthwhile(double utility, int allowed) { /* beside doing nothing, worth 0 */
    return allowed && utility > 0 ? utility : -INFINITY;
}

static double felt_loss(const World *w, double lost) {
    return lost + P(grievance_gain) * most(0, -weighted(w, w->fast[INCUMBENT_ACTOR][PIVOT_ACTOR]));
}

static double posture_utility(const World *w, int posture, double h) {
    const double(*e)[3] = ENGAGEMENTS[posture], (*now)[3] = ENGAGEMENTS[w->posture];
    double D_R = P(incumbent_economic_dependence), D_W = P(rival_economic_dependence);
    double m = P(potential_market), opened = m * w->conditions[ENGAGEMENT] * (1 - w->fatigue);
    double lean[3], overlap[3], distance[3], distrust[3];
    D(d) {
        lean[d] = e[RIVAL][d] - e[INCUMBENT][d];
        overlap[d] = e[INCUMBENT][d] * e[RIVAL][d];
        distance[d] = fabs(e[INCUMBENT][d] - now[INCUMBENT][d]) + fabs(e[RIVAL][d] - now[RIVAL][d]);
        distrust[d] = e[INCUMBENT][d] * most(0, -w->A[INCUMBENT][d])
                    + e[RIVAL][d] * most(0, -w->A[RIVAL][d]);
    }
    double safe = 1 - w->threat * (1 - protection(w, e[INCUMBENT][SECURITY], e[RIVAL][SECURITY]));
    double excess = most(0, loss(w, weighted(w, lean)) - P(coercion_threshold));
    double reach = P(fear_inattentive) + P(fear_attentive) * attention(w);
    double feared = least(1, w->coercion + P(fear) * excess * reach);
    double trade = (D_R * e[INCUMBENT][ECONOMY] * (1 - feared) + (D_W + opened) * e[RIVAL][ECONOMY])
                 / (D_R + D_W + m);
    double friends = 0.5 + 0.25 * (w->A[INCUMBENT][POLITICS] * e[INCUMBENT][POLITICS]
                                   + w->A[RIVAL][POLITICS] * e[RIVAL][POLITICS]);
    double freedom = 1 - most(e[INCUMBENT][SECURITY] * w->bond,
                              e[RIVAL][SECURITY] * P(rival_security_dependence));
    double exacted = 1 - P(overlap_attention) * (1 - attention(w));
    return P(utility_security) * safe + P(utility_economy) * trade + P(utility_politics) * friends
         + P(utility_autonomy) * freedom - P(overlap_cost) * h * exacted * weighted(w, overlap)
         - P(switching_cost) * weighted(w, distance) - P(distrust_cost) * weighted(w, distrust);
}

static void approach(World *w, int posture, int patron) {
    static const int PLACE[2] = {INCUMBENT_ACTOR, RIVAL_ACTOR};
    double gap = -INFINITY, wholly[3] = {0, 0, 0};
    int widest = 0;
    D(d) {
        double here = ENGAGEMENTS[posture][patron][d] - w->seats[patron][d];
        if (here > gap) gap = here, widest = d;
    }
    wholly[widest] = 1;
    double score = most(0, least(10 * P(act_gain) * gap, P(act_ceiling)));
    int made = gap > P(act_threshold);
    double noticed = pow(HALVING_OF_REPEATS, w->approaches[patron]);
    watched(w, PIVOT_ACTOR, PLACE[patron], score, wholly, gap > P(act_material_gap), made, noticed);
    w->approaches[patron] = remembered(w->approaches[patron], made);
}

static int choose_incumbent(World *w, double lost, double loyalty) {
    double att = attention(w), felt = felt_loss(w, lost), excess = most(0, felt - P(coercion_threshold));
    double swayed = 2 * least(felt, 0.5) * (loyalty + P(reward_floor));
    double grip = (P(leverage_floor) + P(incumbent_economic_dependence))
                * (P(coercion_inattentive) + P(coercion_attentive) * att);
    double utilities[4] = {
        0,
        worthwhile(P(warning_gain) * most(0, felt - P(warning_threshold)), w->warnings < WARNINGS_REMEMBERED),
        worthwhile(att * P(reward_gain) * swayed - P(reward_cost), 1),
        worthwhile(P(coercion_gain) * excess * grip * (1 + P(resolve)) - P(coercion_cost) * (1 + w->coercions),
                   w->quarters_of_loss >= 2),
    };
    return choose(w, utilities, 4);
}

static int choose_rival(World *w, double toward_R, double toward_W) {
    double g = w->conditions[ENGAGEMENT], rift = most(0, P(rift_level) - toward_R);
    double drawn = 0.5 * P(offer_gain) * most(0, toward_W) + P(wedge) * rift;
    double offer = g * drawn - P(fatigue_cost) * w->fatigue - P(offer_cost);
    double utilities[3] = {
        0, worthwhile(offer, g >= P(offer_engagement)), worthwhile(P(disengagement_level) - g, 1),
    };
    return choose(w, utilities, 3);
}

static int choose_attack(World *w, int *defended) {
    double goodwill[3], g = w->conditions[ENGAGEMENT], chance = uniform(w), met = uniform(w);
    regard(w, INCUMBENT_ACTOR, PIVOT_ACTOR, goodwill);
    *defended = met < belief(w, INCUMBENT) * attention(w) * most(0, goodwill[SECURITY]);
    double safe = protection(w, w->seats[INCUMBENT][SECURITY], w->seats[RIVAL][SECURITY]);
    double stake = w->conditions[STAKE];
    int multiplies = P(stake_multiplies) > 0.5;
    double logit = P(hazard_base) + P(hazard_exposure) * (1 - safe)
                 + P(hazard_stake) * (multiplies ? 1 : stake) + P(hazard_peace) * w->conditions[PEACE]
                 + P(hazard_rival) * g * w->seats[RIVAL][SECURITY]
                 + P(hazard_inattention) * (1 - attention(w));
    double rate = P(attack_rate) * (multiplies ? stake : 1);
    return w->luck && stake > 0 && chance < rate / (1 + exp(-logit));
}

static void move_coercion(World *w, int choice, double lost) {
    double eased = lost < P(coercion_threshold) ? P(coercion_eased) : 0;
    double change = choice == COERCE   ? P(coercion_step)
                  : choice == REWARD ? -P(coercion_rewarded)
                                     : -P(coercion_neglected);
    double left = w->coercion + change - eased;
    w->coercion = left < 1e-9 ? 0 : least(left, P(coercion_ceiling));
    w->coercions_running = choice == COERCE ? w->coercions_running + 1 : 0;
    w->coercions = w->coercion > 0 ? w->coercions + (choice == COERCE) : 0;
}

static void decide(World *w) {
    measure_position(w);
    double lost = loss(w, w->tilt), h = hostility(w), utilities[4];
    double toward_R = weighted(w, w->A[INCUMBENT]), toward_W = weighted(w, w->A[RIVAL]);
    w->quarters_of_loss = lost > P(coercion_threshold) ? w->quarters_of_loss + 1 : 0;
    for (int n = 0; n < 4; n++) utilities[n] = posture_utility(w, n, h);
    int posture = choose(w, utilities, 4);
    int incumbent = choose_incumbent(w, lost, most(0, toward_R));
    int rival = choose_rival(w, toward_R, toward_W);
    int defended, attack = choose_attack(w, &defended);
    double weight = incumbent == WARN ? pow(HALVING_OF_REPEATS, w->warnings) : incumbent != NEGLECT;
    w->warnings = remembered(w->warnings, incumbent == WARN);
    if (w->acting) {
        double severity = P(attack_severity), coverage = covered(w, P(attack_coverage));
        approach(w, posture, INCUMBENT);
        approach(w, posture, RIVAL);
        act(w, INCUMBENT_ACTOR, PIVOT_ACTOR, INCUMBENT_SCORES[incumbent], INCUMBENT_DOMAINS[incumbent],
            INCUMBENT_MATERIAL[incumbent], weight);
        act(w, RIVAL_ACTOR, PIVOT_ACTOR, RIVAL_SCORES[rival], RIVAL_DOMAINS[rival],
            RIVAL_MATERIAL[rival], rival != HOLD);
        act(w, ADVERSARY_ACTOR, PIVOT_ACTOR, ATTACK_SCORE * severity, ATTACK_DOMAINS, 1, attack);
        answer(w, severity, coverage, defended, attack);
        add_impulses(w);
        move_coercion(w, incumbent, lost);
        if (rival == OFFER) w->fatigue += P(fatigue_step);
        w->fatigue = least(1, w->fatigue);
        w->offered = rival == OFFER;
        if (attack) suffer(w, severity, coverage, defended);
    }
    if (RECORDED[w->week] < 0) w->posture = posture;
}

/* --- 3.4.6 institutions ------------------------------------------------------------------------ */

static int counted(int weeks, int condition) { return condition ? weeks + 1 : 0; }

static double next_rung(double level) {
    double above = level;
    for (int n = RUNGS - 1; n >= 0; n--) if (LADDER_LEVELS[n] > level + 1e-9) above = LADDER_LEVELS[n];
    return above;
}

static double lower_rung(double level) {
    double below = level;
    for (int n = 0; n < RUNGS; n++) if (LADDER_LEVELS[n] < level - 1e-9) below = LADDER_LEVELS[n];
    return below;
}

static double treaty(World *w, Memory *tie) {
    double A = w->A[TIE_SEAT[TREATY]][SECURITY], level = tie->level;
    tie->down = counted(tie->down, A < treaty_freeze_below);
    tie->up = counted(tie->up, w->acting && A > treaty_restore_above);
    tie->earned += w->kept_promise;
    if (!w->acting) return level;
    if (level < 1 && tie->up >= treaty_restore_weeks && tie->earned > 0) return 1;
    if (level == treaty_frozen_level && A < treaty_leave_below && w->posture == PIVOT
        && protection(w, 0, w->seats[RIVAL][SECURITY]) >= treaty_leave_protection) return 0;
    if (level > treaty_frozen_level && tie->down >= treaty_freeze_weeks
        && belief(w, INCUMBENT) < treaty_freeze_belief) return treaty_frozen_level;
    return level;
}

static double economic_union(World *w, Memory *tie, double rung) {
    double level = tie->level;
    double calm = P(coercion_threshold) - union_restore_margin;
    tie->up = counted(tie->up, w->acting && loss(w, w->tilt) < calm);
    if (!w->acting) return level;
    if (tie->up >= union_restore_weeks) return 1;
    if (level > union_left_level && w->offered) {
        double cost = P(incumbent_economic_dependence) * TIE_WEIGHT[UNION][ECONOMY]
                    * (level - union_left_level) * (1 - w->coercion);
        double gain = P(welfare_rival_weight) * P(rival_economic_dependence) * P(rival_cap_economy)
                    * w->conditions[TRANSIT] * TIE_WEIGHT[LADDER][ECONOMY] * (next_rung(rung) - rung);
        if (gain >= cost) return union_left_level;
    }
    if (level > union_suspended_level && w->coercions_running >= union_suspend_after
        && rung >= union_suspend_ladder) return union_suspended_level;
    return level;
}

static double organisation(World *w, Memory *tie, double after) {
    double A = w->A[TIE_SEAT[ORGANISATION]][POLITICS];
    tie->down = counted(tie->down, A < organisation_leave_below);
    tie->up = counted(tie->up, w->acting && A > organisation_restore_above);
    if (!w->acting) return tie->level;
    if (tie->level < 1 && tie->up >= organisation_restore_weeks) return 1;
    if (after == 0 && tie->down >= organisation_leave_weeks && w->posture == PIVOT) return 0;
    return tie->level;
}

static double ladder(World *w, Memory *tie) {
    double A = w->A[TIE_SEAT[LADDER]][POLITICS];
    tie->down = counted(tie->down, A < ladder_lower_below);
    tie->up += w->acting;
    tie->earned += w->offered;
    if (!w->acting) return tie->level;
    if (tie->earned >= ladder_offers && w->fatigue < ladder_fatigue_below && A > ladder_raise_above
        && tie->up >= ladder_step_weeks) return next_rung(tie->level);
    return tie->down >= ladder_lower_weeks ? lower_rung(tie->level) : tie->level;
}

static void respond(World *w) {
    measure_position(w);
    double levels[TIES];
    int changed = 0;
    for (int t = 0; t < TIES; t++) levels[t] = w->ties[t].level;
    levels[TREATY] = treaty(w, &w->ties[TREATY]);
    levels[UNION] = economic_union(w, &w->ties[UNION], w->ties[LADDER].level);
    levels[ORGANISATION] = organisation(w, &w->ties[ORGANISATION], w->ties[ORGANISATION_AFTER].level);
    levels[LADDER] = ladder(w, &w->ties[LADDER]);
    for (int t = 0; t < TIES; t++) if (levels[t] != w->ties[t].level) {
        w->ties[t] = (Memory){levels[t], 0, 0, 0};
        changed = 1;
    }
    if (!changed) return;
    measure_membership(w);
    measure_position(w);
}

/* --- 3.4.12, 3.4.13 measures and payoffs ------------------------------------------------------- */

static void measure_regime(World *w, int first) {
    double seats[2] = {w->R, w->W};
    int from_chair = !first && (w->regime == INCUMBENT_CHAIR || w->regime == RIVAL_CHAIR);
    double limit = from_chair ? P(two_chairs_entry) : P(two_chairs_limit);
    for (int p = 0; p < 2; p++)
        w->held[p] = seats[p] >= P(seat_taken) || (w->held[p] && seats[p] >= P(seat_lost));
    if (!w->held[INCUMBENT] && !w->held[RIVAL]) w->regime = BETWEEN_CHAIRS;
    else if (w->held[INCUMBENT] != w->held[RIVAL]) w->regime = w->held[RIVAL] ? RIVAL_CHAIR : INCUMBENT_CHAIR;
    else if (fabs(w->tilt) < limit) w->regime = TWO_CHAIRS;
    else w->regime = w->tilt > 0 ? RIVAL_CHAIR : INCUMBENT_CHAIR;
}

static void report(const World *w, double *out) {
    const double(*o)[3] = w->seats;
    double R = w->R, W = w->W, apart[3];
    double D_R = P(incumbent_economic_dependence);
    double D_W = P(welfare_rival_weight) * P(rival_economic_dependence);
    D(d) apart[d] = fabs(o[RIVAL][d] - o[INCUMBENT][d] - w->tilt);
    out[TILT] = w->tilt, out[R_SEAT] = R, out[W_SEAT] = W;
    out[BREADTH] = R + W > 0 ? 2 * least(R, W) / (R + W) : 0;
    out[SPLIT] = weighted(w, apart);
    out[STRAIN] = cbrt(R * W * hostility(w));
    out[SAFETY] = 1 - w->threat * (1 - protection(w, o[INCUMBENT][SECURITY], o[RIVAL][SECURITY]));
    out[WELFARE] = (D_R * o[INCUMBENT][ECONOMY] * (1 - w->coercion) + D_W * o[RIVAL][ECONOMY]) / (D_R + D_W);
    out[AUTONOMY] = 1 - most(o[INCUMBENT][SECURITY] * w->bond,
                             o[RIVAL][SECURITY] * P(rival_security_dependence));
    out[FORCE] = w->coercion, out[REGIME] = w->regime;
}

/* --- the week and the world -------------------------------------------------------------------- */

static void start(World *w, const double *p, const double *conditions, int luck, uint64_t seed) {
    memset(w, 0, sizeof *w);
    w->p = p, w->luck = luck;
    seed = (seed + 1) * 0x9E3779B97F4A7C15ULL; /* splitmix64, so that neighbours are unlike */
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
    w->random = (seed ^ (seed >> 31)) | 1;
    w->keep_fast = exp2(-1 / P(fast_half_life)), w->keep_slow = exp2(-1 / P(slow_half_life));
    w->keep_belief = exp2(-1 / P(belief_half_life)), w->keep_threat = exp2(-1 / P(threat_half_life));
    w->keep_fatigue = exp2(-1 / P(fatigue_half_life));
    double prior[2] = {P(incumbent_reliability), P(rival_reliability)};
    for (int n = 0; n < 2; n++) {
        w->kept[n] = P(belief_strength) * prior[n], w->broken[n] = P(belief_strength) * (1 - prior[n]);
    }
    w->bond = P(incumbent_security_dependence), w->self_help = P(self_help), w->fatigue = P(fatigue_start);
    w->posture = LOYAL;
    memcpy(w->conditions, conditions, sizeof w->conditions);
    w->threat = P(threat_baseline) * (1 - w->conditions[PEACE]);
    for (int t = 0; t < TIES; t++) w->ties[t].level = TIE_START[t];
    measure_membership(w);
}

static void decay(World *w) {
    double *fast = &w->fast[0][0][0], *slow = &w->slow[0][0][0];
    double prior[2] = {P(incumbent_reliability), P(rival_reliability)}, n0 = P(belief_strength);
    for (int n = 0; n < ACTORS * ACTORS * 3; n++) fast[n] *= w->keep_fast, slow[n] *= w->keep_slow;
    for (int n = 0; n < 2; n++) {
        w->kept[n] = relaxed(w->kept[n], n0 * prior[n], w->keep_belief);
        w->broken[n] = relaxed(w->broken[n], n0 * (1 - prior[n]), w->keep_belief);
    }
    w->threat = relaxed(w->threat, P(threat_baseline) * (1 - w->conditions[PEACE]), w->keep_threat);
    w->fatigue *= w->keep_fatigue;
}

static void follow(World *w) { /* dependence and self-help, 3.4.4 */
    w->bond += P(dependence_rate) * (ENGAGEMENTS[w->posture][INCUMBENT][SECURITY] - w->bond);
    double grown = w->self_help + P(self_help_growth) * (1 - w->bond);
    w->self_help = least(grown, most(w->self_help, P(self_help_ceiling)));
}

static void suffer_events(World *w, const Event *first, const Event *last) {
    for (const Event *e = first; e < last; e++) {
        act(w, e->actor, e->target, e->score, e->omega, e->material, e->weight);
        if (e->attack) answer(w, e->severity, covered(w, e->coverage), e->defended, e->weight);
    }
    add_impulses(w);
    for (const Event *e = first; e < last; e++)
        if (e->attack && e->weight > 0) suffer(w, e->severity, covered(w, e->coverage), e->defended);
}

/* Run worlds with a row of parameters each; events and changes come in the order of their weeks. */
void run(int worlds, int weeks, int acting_week, const double *parameters, const double *conditions,
         int n_events, const Event *events, int n_changes, const Change *changes, int luck,
         uint64_t first_seed, double *out) {
    for (int k = 0; k < worlds; k++) {
        World world, *w = &world;
        const Event *event = events, *no_event = events + n_events;
        const Change *change = changes, *no_change = changes + n_changes;
        start(w, parameters + (size_t)k * PARAMETERS, conditions, luck, first_seed + k);
        for (int week = 0; week < weeks; week++) {
            w->week = week, w->acting = week >= acting_week, w->offered = w->kept_promise = 0;
            if (RECORDED[week] >= 0) w->posture = RECORDED[week];
            for (; change < no_change && change->week == week; change++) {
                if (!change->is_tie) w->conditions[change->what] = change->value;
                else w->ties[change->what] = (Memory){change->value, 0, 0, 0}, measure_membership(w);
            }
            decay(w);
            const Event *first = event;
            while (event < no_event && event->week == week) event++;
            if (event > first) suffer_events(w, first, event);
            if ((week + 1) % DECISION_INTERVAL == 0) decide(w);
            follow(w);
            respond(w);
            measure_regime(w, week == 0);
        }
        report(w, out + (size_t)k * OUTCOMES);
    }
}
