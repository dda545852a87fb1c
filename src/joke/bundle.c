#include "joke/bundle.h"

#include <stdint.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/mem.h"

struct bundle {
	const struct joke **order;
	size_t told; /* of this order */
};

/* A number below limit. A jest: its little bias harms nobody. */
static size_t chance(size_t limit)
{
	uint64_t bits = 0;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) < 0)
		bits = 0;
	return (size_t)(bits % limit);
}

static void swap(const struct joke **a, const struct joke **b)
{
	const struct joke *kept = *a;

	*a = *b;
	*b = kept;
}

static void shuffle(struct bundle *bundle)
{
	const struct joke *last = bundle->order[bundle_count - 1];

	for (size_t i = bundle_count - 1; i > 0; i--)
		swap(&bundle->order[i], &bundle->order[chance(i + 1)]);
	if (bundle->order[0] == last)
		swap(&bundle->order[0], &bundle->order[bundle_count - 1]);
	bundle->told = 0;
}

struct bundle *bundle_new(void)
{
	struct bundle *bundle = mem_zero(sizeof(*bundle));

	bundle->order = mem_array(bundle_count, sizeof(struct joke *));
	for (size_t i = 0; i < bundle_count; i++)
		bundle->order[i] = &bundle_jokes[i];
	shuffle(bundle);
	return bundle;
}

void bundle_free(struct bundle **bundle)
{
	if (*bundle == NULL)
		return;
	mem_free((*bundle)->order);
	mem_free(*bundle);
	*bundle = NULL;
}

const struct joke *bundle_next(struct bundle *bundle)
{
	if (bundle->told == bundle_count)
		shuffle(bundle);
	return bundle->order[bundle->told++];
}
