/*
 * The program of a sandbox: waits until SIGTERM or SIGINT, and as process 1 reaps what others leave. Without libc, so
 * that it is a kilobyte or two: these are the four system calls that it needs.
 */

#if defined(__x86_64__)
enum { RT_SIGPROCMASK = 14, RT_SIGTIMEDWAIT = 128, WAIT4 = 61, EXIT = 60 };

static long call(long number, long a, long b, long c, long d) {
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
enum { RT_SIGPROCMASK = 135, RT_SIGTIMEDWAIT = 137, WAIT4 = 260, EXIT = 93 };

static long call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#else
#error "which system calls has this one?"
#endif

enum { SIG_BLOCK = 0, WNOHANG = 1, SIGINT = 2, SIGTERM = 15, SIGCHLD = 17 };

#define BIT(signal) (1UL << ((signal) - 1))

void _start(void) {
    /* Blocked and waited for, instead of handled: process 1 gets no signal that it has no handler for. */
    unsigned long signals = BIT(SIGINT) | BIT(SIGTERM) | BIT(SIGCHLD);
    call(RT_SIGPROCMASK, SIG_BLOCK, (long) &signals, 0, sizeof signals);
    for (;;) {
        long signal = call(RT_SIGTIMEDWAIT, (long) &signals, 0, 0, sizeof signals);
        if (signal == SIGINT || signal == SIGTERM) {
            call(EXIT, 0, 0, 0, 0);
        }
        while (call(WAIT4, -1, 0, WNOHANG, 0) > 0) {
        }
    }
}
