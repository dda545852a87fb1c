#include "chat/flood/flood.h"

#include <string.h>

#include "base/clock.h"

enum { SECOND_US = 1000000 };

/* Far from where microseconds overflow. */
static const int64_t period_most_s = (int64_t)365 * 24 * 60 * 60;

static void set_rate(struct flood_rate *rate, struct rate to)
{
	int64_t period_s =
		to.period_s < period_most_s ? to.period_s : period_most_s;

	atomic_store(&rate->count, to.count > 0 ? to.count : 0);
	atomic_store(&rate->period_us, period_s * SECOND_US);
}

static int64_t at_least_0(int64_t value)
{
	return value > 0 ? value : 0;
}

void flood_rules_set(struct flood_rules *rules, const struct chat_settings *s)
{
	set_rate(&rules->person[FLOOD_MESSAGES], s->flood);
	set_rate(&rules->person[FLOOD_JOINS], s->flood_joins);
	set_rate(&rules->person[FLOOD_REPEATS], s->flood_repeats);
	set_rate(&rules->room[FLOOD_MESSAGES], s->flood_room);
	set_rate(&rules->room[FLOOD_JOINS], s->flood_room_joins);
	set_rate(&rules->room[FLOOD_REPEATS], s->flood_room_repeats);
	set_rate(&rules->patience, s->flood_patience);
	atomic_store(&rules->quiet_s, at_least_0(s->flood_quiet_s));
	atomic_store(&rules->ban_s, at_least_0(s->flood_ban_s));
	atomic_store(&rules->decay_s, at_least_0(s->flood_decay_s));
}

static int64_t count_of(const struct flood_rate *rate)
{
	return atomic_load_explicit(&rate->count, memory_order_relaxed);
}

/*
 * Takes so many from the gauge *full_us; false when that is too much, then
 * *wait_us_r says for how long. From a full gauge anything may be taken.
 */
static bool draw(const struct flood_rate *rate, int64_t *full_us, int64_t cost,
		 int64_t now_us, int64_t *wait_us_r)
{
	int64_t count = count_of(rate);
	int64_t period_us =
		atomic_load_explicit(&rate->period_us, memory_order_relaxed);
	int64_t after_us;

	if (count == 0 || period_us == 0)
		return true;
	after_us = (*full_us > now_us ? *full_us : now_us) +
		   period_us / count * cost;
	if (*full_us > now_us && after_us - now_us > period_us) {
		*wait_us_r = after_us - now_us - period_us;
		return false;
	}
	*full_us = after_us;
	return true;
}

/* Without case and spaces: FNV-1a. */
static uint64_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;

	for (const char *at = text; *at != '\0'; at++) {
		bool is_upper = *at >= 'A' && *at <= 'Z';
		char c = *at;

		if (c == ' ')
			continue;
		if (is_upper)
			c = (char)(c - 'A' + 'a');
		h = (h ^ (unsigned char)c) * 0x100000001b3;
	}
	return h;
}

/* The gauge of one text; the one least used makes room. */
static int64_t *find_text(struct flood_gauge *gauge, uint64_t text)
{
	size_t at = 0;

	for (size_t i = 0; i < FLOOD_TEXTS; i++) {
		if (gauge->texts[i].text == text)
			return &gauge->texts[i].full_us;
		if (gauge->texts[i].full_us < gauge->texts[at].full_us)
			at = i;
	}
	gauge->texts[at].text = text;
	gauge->texts[at].full_us = 0;
	return &gauge->texts[at].full_us;
}

/* What is asked of a gauge. */
struct load {
	enum flood_kind kind;
	int64_t cost;
	bool has_text;
	uint64_t text; /* a hash */
	int64_t now_us;
};

/* Takes all of it, or nothing. */
static bool take(const struct flood_rate *rates, struct flood_gauge *gauge,
		 const struct load *load, struct flood_finding *finding)
{
	struct flood_gauge before = *gauge;
	int64_t wait_us = 0;
	bool is_taken = draw(&rates[load->kind], &gauge->full_us[load->kind],
			     load->cost, load->now_us, &wait_us);

	if (is_taken && load->has_text && count_of(&rates[FLOOD_REPEATS]) > 0) {
		is_taken = draw(&rates[FLOOD_REPEATS],
				find_text(gauge, load->text), 1, load->now_us,
				&wait_us);
		finding->is_repeat = !is_taken;
	}
	if (!is_taken)
		*gauge = before;
	finding->wait_s = (wait_us + SECOND_US - 1) / SECOND_US;
	return is_taken;
}

static bool take_of_room(const struct flood_rules *rules,
			 const struct flood_try *t, struct load *load,
			 struct flood_finding *finding)
{
	if (t->room == NULL)
		return true;
	if (t->text != NULL) {
		size_t len = strlen(t->text);

		load->cost += (int64_t)(len / FLOOD_WEIGHT);
		load->has_text = load->has_text && len >= FLOOD_SAME_LEAST;
	}
	finding->is_of_room = !take(rules->room, t->room, load, finding);
	return !finding->is_of_room;
}

/* A grade less for each while of peace. */
static void settle(const struct flood_rules *rules, struct flood_state *state,
		   int64_t now_us)
{
	int64_t decay_us = atomic_load(&rules->decay_s) * SECOND_US;
	int64_t steps;

	if (decay_us == 0 || state->grade == FLOOD_WARN)
		return;
	steps = (now_us - state->last_us) / decay_us;
	if (steps >= (int64_t)state->grade)
		steps = state->grade;
	state->grade -= (enum flood_grade)steps;
	state->last_us += steps * decay_us;
}

/* One more refusal: is the patience at its end? */
static enum flood_grade grade_up(const struct flood_rules *rules,
				 struct flood_state *state, int64_t now_us)
{
	int64_t wait_us;

	settle(rules, state, now_us);
	state->last_us = now_us;
	if (draw(&rules->patience, &state->refused_us, 1, now_us, &wait_us))
		return FLOOD_WARN;
	state->refused_us = 0;
	if (state->grade < FLOOD_BAN)
		state->grade++;
	return state->grade;
}

/* What is said in a room has the room's own means. */
static bool is_outside(const struct flood_try *t)
{
	return t->room == NULL || t->kind == FLOOD_JOINS;
}

/*
 * Nobody is quieted at a door: who hammers at it waits. Whoever is to be muted
 * waits until that is done.
 */
static void pause(const struct flood_rules *rules, struct flood_state *state,
		  enum flood_kind kind, int64_t now_us)
{
	int64_t seconds = atomic_load(&rules->quiet_s);

	if (kind != FLOOD_JOINS && seconds > FLOOD_PAUSE_S)
		seconds = FLOOD_PAUSE_S;
	state->paused_us = now_us + seconds * SECOND_US;
}

static bool is_paused(const struct flood_state *state, int64_t now_us,
		      struct flood_finding *finding)
{
	int64_t wait_us = state->paused_us - now_us;

	if (wait_us <= 0)
		return false;
	finding->wait_s = (wait_us + SECOND_US - 1) / SECOND_US;
	return true;
}

static bool counts_repeats(const struct flood_rules *rules,
			   const struct flood_try *t)
{
	return t->text != NULL &&
	       (count_of(&rules->person[FLOOD_REPEATS]) > 0 ||
		count_of(&rules->room[FLOOD_REPEATS]) > 0);
}

static bool take_locked(const struct flood_rules *rules,
			struct flood_meter *meter, const struct flood_try *t,
			struct flood_finding *finding) REQUIRES(meter->lock)
{
	struct flood_state *state = &meter->state;
	struct flood_gauge before = state->gauge;
	struct load load = { .kind = t->kind,
			     .cost = 1,
			     .has_text = counts_repeats(rules, t),
			     .now_us = clock_mono_us() };

	if (load.has_text)
		load.text = hash(t->text);
	if (is_outside(t) && is_paused(state, load.now_us, finding))
		return false;
	if (take(rules->person, &state->gauge, &load, finding)) {
		if (take_of_room(rules, t, &load, finding))
			return true;
		state->gauge = before;
		return false;
	}
	finding->grade = grade_up(rules, state, load.now_us);
	if (finding->grade != FLOOD_WARN && is_outside(t)) {
		pause(rules, state, t->kind, load.now_us);
		(void)is_paused(state, load.now_us, finding);
	}
	return false;
}

bool flood_take(const struct flood_rules *rules, struct flood_meter *meter,
		const struct flood_try *t, struct flood_finding *finding_r)
{
	bool is_taken;

	memset(finding_r, 0, sizeof(*finding_r));
	mutex_lock(&meter->lock);
	is_taken = take_locked(rules, meter, t, finding_r);
	mutex_unlock(&meter->lock);
	return is_taken;
}

void flood_resume(struct flood_meter *meter)
{
	mutex_lock(&meter->lock);
	meter->state.paused_us = 0;
	mutex_unlock(&meter->lock);
}

bool flood_is_over(const struct flood_rules *rules,
		   const struct flood_state *state, int64_t now_us)
{
	struct flood_state now = *state;
	bool is_over = now.refused_us <= now_us && now.paused_us <= now_us;

	settle(rules, &now, now_us);
	for (size_t i = 0; i < FLOOD_REPEATS; i++)
		is_over = is_over && now.gauge.full_us[i] <= now_us;
	for (size_t i = 0; i < FLOOD_TEXTS; i++)
		is_over = is_over && now.gauge.texts[i].full_us <= now_us;
	return is_over && now.grade == FLOOD_WARN;
}

static void raise(int64_t *time_us, int64_t other_us)
{
	if (*time_us < other_us)
		*time_us = other_us;
}

static void raise_gauge(struct flood_gauge *gauge,
			const struct flood_gauge *other)
{
	for (size_t i = 0; i < FLOOD_REPEATS; i++)
		raise(&gauge->full_us[i], other->full_us[i]);
	for (size_t i = 0; i < FLOOD_TEXTS; i++) {
		if (other->texts[i].full_us > 0)
			raise(find_text(gauge, other->texts[i].text),
			      other->texts[i].full_us);
	}
}

void flood_worsen(const struct flood_rules *rules, struct flood_state *state,
		  const struct flood_state *other, int64_t now_us)
{
	struct flood_state worse = *other;

	settle(rules, state, now_us);
	settle(rules, &worse, now_us);
	raise_gauge(&state->gauge, &worse.gauge);
	raise(&state->refused_us, worse.refused_us);
	raise(&state->paused_us, worse.paused_us);
	if (worse.grade > state->grade) {
		state->grade = worse.grade;
		state->last_us = worse.last_us;
	} else if (worse.grade == state->grade) {
		raise(&state->last_us, worse.last_us);
	}
}
