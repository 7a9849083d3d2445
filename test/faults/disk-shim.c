/*
 * A disk that misbehaves on request, and a witness of what happens in which order. Preloaded into the server
 * (LD_PRELOAD), it stands between the process and the system calls with which SQLite writes and syncs its files and
 * the HTTP server writes its answers. Without a control every call goes straight through.
 *
 *   DISK_SHIM_SYNC_DELAY_MS  sleep that long inside every fsync and fdatasync
 *   DISK_SHIM_FULL_FILE      while this file exists, writes to files whose path contains "roster.db" fail: ENOSPC
 *   DISK_SHIM_TRACE_FILE     append a line for each event:
 *                              sync <path> <begin> <end>
 *                              wal-write <path> <begin> <end> <commit: 1 or 0> <marks, separated by commas, or ->
 *                              answer <begin> <agent id>
 *                            Times are nanoseconds of the monotonic clock. `commit` is 1 for the header of a frame that
 *                            ends a transaction. An answer is a write to a socket that holds `"code":201`.
 *   DISK_SHIM_TRACE_MARK     what a mark begins with; six more characters belong to it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { mark_tail = 6, frame_header_bytes = 24 };

static double sync_delay_ms;
static const char *full_file;
static const char *mark;
static int trace = -1;

__attribute__((constructor)) static void read_controls(void) {
  const char *delay = getenv("DISK_SHIM_SYNC_DELAY_MS");
  const char *trace_file = getenv("DISK_SHIM_TRACE_FILE");
  sync_delay_ms = delay == NULL ? 0 : atof(delay);
  full_file = getenv("DISK_SHIM_FULL_FILE");
  mark = getenv("DISK_SHIM_TRACE_MARK");
  if (trace_file != NULL) {
    trace = (int)syscall(SYS_openat, AT_FDCWD, trace_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Where an open file is; empty where that cannot be told. */
static const char *path_of(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = '\0';
  return path;
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), wanted = strlen(end);
  return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* The caller's errno is none of the witness's business. */
static void append_line(const char *line, size_t length) {
  int kept = errno;
  syscall(SYS_write, trace, line, length);
  errno = kept;
}

/* Whether the disk under this file has no space now. */
static int is_full(int fd) {
  char path[PATH_MAX];
  if (full_file == NULL || strstr(path_of(fd, path), "roster.db") == NULL) return 0;
  return syscall(SYS_faccessat, AT_FDCWD, full_file, F_OK) == 0;
}

static void trace_wal_write(const char *path, const unsigned char *bytes, size_t size, int64_t begin, int64_t end) {
  size_t prefix = mark == NULL ? 0 : strlen(mark), whole = prefix + mark_tail, marks = 0;
  size_t line_bytes = strlen(path) + 128 + 2 * size;
  /* Neither static nor on the stack: Node has threads with hardly any. */
  char *line = malloc(line_bytes);
  if (line == NULL) abort();
  int commit = size == frame_header_bytes && (bytes[4] | bytes[5] | bytes[6] | bytes[7]) != 0;
  size_t length = (size_t)snprintf(line, line_bytes, "wal-write %s %lld %lld %d ", path, (long long)begin,
                                   (long long)end, commit);
  const unsigned char *at = bytes, *last = bytes + size;
  while (prefix > 0 && (at = memmem(at, (size_t)(last - at), mark, prefix)) != NULL && at + whole <= last) {
    if (marks++ > 0) line[length++] = ',';
    memcpy(line + length, at, whole);
    length += whole;
    at += whole;
  }
  if (marks == 0) line[length++] = '-';
  line[length++] = '\n';
  append_line(line, length);
  free(line);
}

/* A line for each created agent that the bytes tell of: one write may hold several answers. */
static void trace_answers(const char *bytes, size_t size, int64_t begin) {
  static const char code[] = "\"code\":201", id[] = "\"agent_id\":\"";
  const char *at = bytes, *last = bytes + size;
  while ((at = memmem(at, (size_t)(last - at), code, sizeof code - 1)) != NULL) {
    char line[128];
    at += sizeof code - 1;
    const char *value = memmem(at, (size_t)(last - at), id, sizeof id - 1);
    value = value == NULL ? last : value + sizeof id - 1;
    const char *quote = memchr(value, '"', (size_t)(last - value));
    int digits = quote == NULL ? 0 : (int)(quote - value);
    int length = snprintf(line, sizeof line, "answer %lld %.*s\n", (long long)begin, digits, value);
    append_line(line, (size_t)length);
  }
}

static int is_socket(int fd) {
  char path[PATH_MAX];
  return strncmp(path_of(fd, path), "socket:", 7) == 0;
}

ssize_t write(int fd, const void *bytes, size_t size) {
  if (is_full(fd)) return errno = ENOSPC, -1;
  if (trace >= 0 && is_socket(fd)) trace_answers(bytes, size, now());
  return syscall(SYS_write, fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (is_full(fd)) return errno = ENOSPC, -1;
  if (trace >= 0 && is_socket(fd)) {
    int64_t begin = now();
    size_t size = 0, length = 0;
    for (int part = 0; part < count; part += 1) size += parts[part].iov_len;
    char *joined = malloc(size + 1);
    if (joined == NULL) abort();
    for (int part = 0; part < count; part += 1) {
      memcpy(joined + length, parts[part].iov_base, parts[part].iov_len);
      length += parts[part].iov_len;
    }
    trace_answers(joined, length, begin);
    free(joined);
  }
  return syscall(SYS_writev, fd, parts, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  char path[PATH_MAX];
  if (is_full(fd)) return errno = ENOSPC, -1;
  if (trace < 0 || !ends_with(path_of(fd, path), "-wal")) return syscall(SYS_pwrite64, fd, bytes, size, offset);
  int64_t begin = now();
  ssize_t written = syscall(SYS_pwrite64, fd, bytes, size, offset);
  int kept = errno;
  trace_wal_write(path, bytes, size, begin, now());
  errno = kept;
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) { return pwrite64(fd, bytes, size, offset); }

static int sync_with(long call, int fd) {
  int64_t begin = now();
  if (sync_delay_ms > 0) {
    int64_t delay = (int64_t)(sync_delay_ms * 1e6);
    struct timespec left = {delay / 1000000000, delay % 1000000000};
    while (nanosleep(&left, &left) == -1 && errno == EINTR) continue;
  }
  int result = (int)syscall(call, fd);
  if (trace >= 0 && result == 0) {
    char path[PATH_MAX], line[PATH_MAX + 128];
    int kept = errno;
    int length = snprintf(line, sizeof line, "sync %s %lld %lld\n", path_of(fd, path), (long long)begin,
                          (long long)now());
    append_line(line, (size_t)length);
    errno = kept;
  }
  return result;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }

int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }
