// A disk that can go wrong under one process: loaded before libc (LD_PRELOAD), for files below FAULTS_DISK.
// What no returned fsync covers is kept beside in FAULTS_UNDO, so that a power cut can be made of it after a SIGKILL;
// the number in FAULTS_CONTROL, when not 0, is the errno that every change of a file fails with.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 4096
#define REAL(type, name, ...) static type (*real_##name)(__VA_ARGS__)
REAL(int, open, const char *, int, ...);
REAL(int, close, int);
REAL(ssize_t, write, int, const void *, size_t);
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
REAL(int, ftruncate64, int, off64_t);
REAL(int, fallocate64, int, int, off64_t, off64_t);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, rename, const char *, const char *);
REAL(int, unlink, const char *);

static const char *disk, *undo;
static volatile int32_t nothing, *failure = &nothing;
static int undo_of[MOST]; // The undo file of a descriptor plus one; 0 for a file that is not watched.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
#define FIND(name) real_##name = dlsym(RTLD_NEXT, #name)
  FIND(open); FIND(close); FIND(write); FIND(pwrite64); FIND(ftruncate64); FIND(fallocate64);
  FIND(fsync); FIND(fdatasync); FIND(rename); FIND(unlink);
  disk = getenv("FAULTS_DISK");
  undo = getenv("FAULTS_UNDO");
  const char *control = getenv("FAULTS_CONTROL");
  int fd = control ? real_open(control, O_RDONLY) : -1;
  void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(int32_t), PROT_READ, MAP_SHARED, fd, 0);
  if (shared != MAP_FAILED) failure = shared;
  if (fd >= 0) real_close(fd);
}

static int watched(const char *path) {
  return disk && undo && path && strncmp(path, disk, strlen(disk)) == 0;
}

static void undo_path(const char *path, char *out, size_t size) {
  int at = snprintf(out, size, "%s/", undo);
  for (const char *c = path; *c && at < (int)size - 1; c++) out[at++] = *c == '/' ? '%' : *c;
  out[at] = 0;
}

static int undo_file(int fd) { return fd >= 0 && fd < MOST ? undo_of[fd] - 1 : -1; }

static int refused(int fd) {
  if (undo_file(fd) < 0 || *failure == 0) return 0;
  errno = *failure;
  return 1;
}

// A record: offset, size of the file before, length, then what stood there.
static void note(int fd, off64_t offset, size_t length) {
  int to = undo_file(fd);
  struct stat64 s;
  if (to < 0 || fstat64(fd, &s) != 0) return;
  uint64_t kept = offset >= s.st_size ? 0 : (uint64_t)(s.st_size - offset);
  if (kept > length) kept = length;
  uint64_t size = 3 * sizeof(uint64_t) + kept;
  char *record = malloc(size);
  uint64_t head[3] = {(uint64_t)offset, (uint64_t)s.st_size, kept};
  memcpy(record, head, sizeof head);
  // The descriptor may be open for writing alone.
  char self[64];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  int from = kept > 0 ? real_open(self, O_RDONLY) : -1;
  if (kept == 0 || (from >= 0 && pread64(from, record + sizeof head, kept, offset) == (ssize_t)kept))
    real_write(to, record, size);
  if (from >= 0) real_close(from);
  free(record);
}

static int opened(int fd, const char *path, int flags) {
  if (fd < 0 || fd >= MOST || (flags & O_ACCMODE) == O_RDONLY || !watched(path)) return fd;
  char file[4096];
  undo_path(path, file, sizeof file);
  pthread_mutex_lock(&lock);
  undo_of[fd] = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) + 1;
  pthread_mutex_unlock(&lock);
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_ACCMODE) != O_RDONLY && watched(path) && *failure != 0) return errno = *failure, -1;
  return opened(real_open(path, flags, mode), path, flags);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
  if (fd >= 0 && fd < MOST && undo_of[fd] > 0) {
    pthread_mutex_lock(&lock);
    real_close(undo_of[fd] - 1);
    undo_of[fd] = 0;
    pthread_mutex_unlock(&lock);
  }
  return real_close(fd);
}

ssize_t write(int fd, const void *data, size_t length) {
  if (undo_file(fd) < 0) return real_write(fd, data, length);
  if (refused(fd)) return -1;
  pthread_mutex_lock(&lock);
  note(fd, lseek64(fd, 0, SEEK_CUR), length);
  ssize_t done = real_write(fd, data, length);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  if (undo_file(fd) < 0) return real_pwrite64(fd, data, length, offset);
  if (refused(fd)) return -1;
  pthread_mutex_lock(&lock);
  note(fd, offset, length);
  ssize_t done = real_pwrite64(fd, data, length, offset);
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

int ftruncate64(int fd, off64_t size) {
  if (refused(fd)) return -1;
  pthread_mutex_lock(&lock);
  note(fd, size, SIZE_MAX);
  int done = real_ftruncate64(fd, size);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
  if (refused(fd)) return -1;
  pthread_mutex_lock(&lock);
  note(fd, offset, (size_t)length);
  int done = real_fallocate64(fd, mode, offset, length);
  pthread_mutex_unlock(&lock);
  return done;
}
int fallocate(int fd, int mode, off_t offset, off_t length) { return fallocate64(fd, mode, offset, length); }

// A sync takes as long as on a cheap card, so that the power can go in the middle of one.
#define SYNC_MICROSECONDS 25000

static int synced(int fd, int (*sync)(int)) {
  if (refused(fd)) return -1;
  if (undo_file(fd) >= 0) usleep(SYNC_MICROSECONDS);
  pthread_mutex_lock(&lock);
  int done = sync(fd);
  if (done == 0 && undo_file(fd) >= 0) real_ftruncate64(undo_file(fd), 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int rename(const char *from, const char *to) {
  if ((watched(from) || watched(to)) && *failure != 0) return errno = *failure, -1;
  int done = real_rename(from, to);
  if (done == 0 && watched(from) && watched(to)) {
    char before[4096], after[4096];
    undo_path(from, before, sizeof before);
    undo_path(to, after, sizeof after);
    real_rename(before, after);
  }
  return done;
}

int unlink(const char *path) {
  if (watched(path) && *failure != 0) return errno = *failure, -1;
  int done = real_unlink(path);
  if (done == 0 && watched(path)) {
    char file[4096];
    undo_path(path, file, sizeof file);
    real_unlink(file);
  }
  return done;
}
