/*
 * Compiler attributes under names that read well, and clang's thread-safety
 * annotations (checked by `make lint`, empty elsewhere).
 */
#ifndef RIALTO_BASE_ATTR_H
#define RIALTO_BASE_ATTR_H

#define NODISCARD __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define UNUSED __attribute__((unused))

/* Runs fn(&variable) when the variable leaves its scope. */
#define AUTO(fn) __attribute__((cleanup(fn)))

#if defined(__clang__)
#define THREAD_ATTR(x) __attribute__((x))
#else
#define THREAD_ATTR(x)
#endif

#define CAPABILITY(name) THREAD_ATTR(capability(name))
/* In C, clang 14 cannot name another field here: this one is for readers. */
#define GUARDED_BY(lock)
#define REQUIRES(...) THREAD_ATTR(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) THREAD_ATTR(acquire_capability(__VA_ARGS__))
#define RELEASE(...) THREAD_ATTR(release_capability(__VA_ARGS__))
#define NO_THREAD_CHECK THREAD_ATTR(no_thread_safety_analysis)

/* The struct of type `type` that holds `ptr` as its field `field`. */
#define CONTAINER(ptr, type, field)                                            \
	((type *)(void *)((char *)(ptr)-offsetof(type, field)))

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
