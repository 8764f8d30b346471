// A file system for tests that writes down, in order, everything that a disk would be told: writes, new lengths, names,
// and when somebody waited for the medium. From such a record forgetful.ts builds the disk as it may be after a power cut.
//
//   forgetful BACKING RECORD MOUNTPOINT -f -s
//
// It passes everything through to BACKING. What is written to MOUNTPOINT/.outside stands in the record as a mark and on no
// disk: it tells what the world outside had seen by then. One thread (-s), so that the record has one order.
// "full", "io" or "none" written to MOUNTPOINT/.trouble makes the disk full, makes it fail, or makes it well again.
//
// A record is a row of these, little-endian: u8 what, u64 file, u64 number, u32 length of a, u32 length of b, a, b.
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char backing[PATH_MAX];
static FILE *record;
static const char *const outside = "/.outside", *const trouble = "/.trouble";
// Stand for the file descriptors of .outside and .trouble, which are no files.
#define OUTSIDE 0
#define TROUBLE 1
static int is_full, is_failing;

enum what { MADE = 'C', WRITTEN = 'W', CUT = 'T', SYNCED = 'S', NAMES_SYNCED = 'D', UNLINKED = 'U', RENAMED = 'R', FOLDER = 'K', NO_FOLDER = 'X', MARK = 'M' };

static void put_number(uint64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		putc((int)(n >> (8 * i)) & 0xff, record);
}

static void note(enum what what, uint64_t file, uint64_t number, const char *a, size_t a_length, const char *b, size_t b_length)
{
	putc(what, record);
	put_number(file, 8);
	put_number(number, 8);
	put_number(a_length, 4);
	put_number(b_length, 4);
	fwrite(a, 1, a_length, record);
	fwrite(b, 1, b_length, record);
	fflush(record);
}

static void note_names(enum what what, uint64_t file, const char *name, const char *other)
{
	note(what, file, 0, name, strlen(name), other, strlen(other));
}

static const char *behind(char *buffer, const char *path)
{
	snprintf(buffer, PATH_MAX, "%s%s", backing, path);
	return buffer;
}

static uint64_t number_of(int file)
{
	struct stat is;
	return fstat(file, &is) < 0 ? 0 : is.st_ino;
}

static int answer(int result)
{
	return result < 0 ? -errno : result;
}

static int is_no_file(const char *path)
{
	return path != NULL && (strcmp(path, outside) == 0 || strcmp(path, trouble) == 0);
}

static int f_getattr(const char *path, struct stat *is, struct fuse_file_info *open)
{
	char buffer[PATH_MAX];
	if (is_no_file(path) || (open != NULL && open->fh <= TROUBLE)) {
		memset(is, 0, sizeof *is);
		is->st_mode = S_IFREG | 0600;
		is->st_nlink = 1;
		return 0;
	}
	// A file without a name has only its descriptor.
	return answer(path == NULL ? fstat((int)open->fh, is) : lstat(behind(buffer, path), is));
}

static int f_opendir(const char *path, struct fuse_file_info *open)
{
	char buffer[PATH_MAX];
	DIR *folder = opendir(behind(buffer, path));
	open->fh = (uint64_t)(uintptr_t)folder;
	return folder == NULL ? -errno : 0;
}

static int f_readdir(const char *path, void *names, fuse_fill_dir_t add, off_t from, struct fuse_file_info *open, enum fuse_readdir_flags flags)
{
	DIR *folder = (DIR *)(uintptr_t)open->fh;
	(void)path, (void)from, (void)flags;
	rewinddir(folder);
	for (struct dirent *one = readdir(folder); one != NULL; one = readdir(folder))
		add(names, one->d_name, NULL, 0, 0);
	return 0;
}

static int f_releasedir(const char *path, struct fuse_file_info *open)
{
	(void)path;
	closedir((DIR *)(uintptr_t)open->fh);
	return 0;
}

static int f_open(const char *path, struct fuse_file_info *open_as)
{
	char buffer[PATH_MAX];
	if (is_no_file(path)) {
		open_as->fh = strcmp(path, outside) == 0 ? OUTSIDE : TROUBLE;
		open_as->direct_io = 1;
		return 0;
	}
	int file = open(behind(buffer, path), open_as->flags & ~O_TRUNC);
	if (file < 0)
		return -errno;
	open_as->fh = (uint64_t)file;
	return 0;
}

static int f_create(const char *path, mode_t mode, struct fuse_file_info *open_as)
{
	char buffer[PATH_MAX];
	if (is_full)
		return -ENOSPC;
	int file = open(behind(buffer, path), open_as->flags | O_CREAT, mode);
	if (file < 0)
		return -errno;
	open_as->fh = (uint64_t)file;
	note_names(MADE, number_of(file), path, "");
	return 0;
}

static int f_release(const char *path, struct fuse_file_info *open)
{
	(void)path;
	if (open->fh > TROUBLE)
		close((int)open->fh);
	return 0;
}

static int f_read(const char *path, char *into, size_t length, off_t from, struct fuse_file_info *open)
{
	(void)path;
	return open->fh <= TROUBLE ? 0 : answer((int)pread((int)open->fh, into, length, from));
}

static int f_write(const char *path, const char *bytes, size_t length, off_t from, struct fuse_file_info *open)
{
	(void)path;
	if (open->fh == OUTSIDE) {
		note(MARK, 0, 0, bytes, length, "", 0);
		return (int)length;
	}
	if (open->fh == TROUBLE) {
		is_full = length >= 4 && memcmp(bytes, "full", 4) == 0;
		is_failing = length >= 2 && memcmp(bytes, "io", 2) == 0;
		return (int)length;
	}
	struct stat is;
	if (is_failing)
		return -EIO;
	// A full disk still takes new content into room that a file has.
	if (is_full && fstat((int)open->fh, &is) == 0 && from + (off_t)length > is.st_size)
		return -ENOSPC;
	int written = (int)pwrite((int)open->fh, bytes, length, from);
	if (written > 0)
		note(WRITTEN, number_of((int)open->fh), (uint64_t)from, bytes, (size_t)written, "", 0);
	return answer(written);
}

static int f_truncate(const char *path, off_t length, struct fuse_file_info *open_as)
{
	char buffer[PATH_MAX];
	if (is_no_file(path))
		return 0;
	int file = open_as != NULL ? (int)open_as->fh : open(behind(buffer, path), O_RDWR);
	if (file < 0)
		return -errno;
	int result = answer(ftruncate(file, length));
	if (result == 0)
		note(CUT, number_of(file), (uint64_t)length, "", 0, "", 0);
	if (open_as == NULL)
		close(file);
	return result;
}

static int f_fsync(const char *path, int only_data, struct fuse_file_info *open)
{
	(void)path, (void)only_data;
	if (is_failing)
		return -EIO;
	if (open->fh > TROUBLE)
		note(SYNCED, number_of((int)open->fh), 0, "", 0, "", 0);
	return 0;
}

static int f_fsyncdir(const char *path, int only_data, struct fuse_file_info *open)
{
	(void)path, (void)only_data, (void)open;
	note(NAMES_SYNCED, 0, 0, "", 0, "", 0);
	return 0;
}

static int f_unlink(const char *path)
{
	char buffer[PATH_MAX];
	int result = answer(unlink(behind(buffer, path)));
	if (result == 0)
		note_names(UNLINKED, 0, path, "");
	return result;
}

static int f_rename(const char *from, const char *to, unsigned flags)
{
	char old[PATH_MAX], new[PATH_MAX];
	if (flags != 0)
		return -EINVAL;
	int result = answer(rename(behind(old, from), behind(new, to)));
	if (result == 0)
		note_names(RENAMED, 0, from, to);
	return result;
}

static int f_mkdir(const char *path, mode_t mode)
{
	char buffer[PATH_MAX];
	int result = answer(mkdir(behind(buffer, path), mode));
	if (result == 0)
		note_names(FOLDER, 0, path, "");
	return result;
}

static int f_rmdir(const char *path)
{
	char buffer[PATH_MAX];
	int result = answer(rmdir(behind(buffer, path)));
	if (result == 0)
		note_names(NO_FOLDER, 0, path, "");
	return result;
}

// Owners, modes and times are no matter of a power cut.
static int f_chmod(const char *path, mode_t mode, struct fuse_file_info *open)
{
	(void)path, (void)mode, (void)open;
	return 0;
}

static int f_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *open)
{
	(void)path, (void)user, (void)group, (void)open;
	return 0;
}

static int f_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *open)
{
	(void)path, (void)times, (void)open;
	return 0;
}

static void *f_init(struct fuse_conn_info *connection, struct fuse_config *settings)
{
	(void)connection;
	// A file that is unlinked while it is open stays a file without a name, as on a disk.
	settings->hard_remove = 1;
	settings->nullpath_ok = 1;
	settings->attr_timeout = 0;
	settings->entry_timeout = 0;
	settings->negative_timeout = 0;
	return NULL;
}

static const struct fuse_operations operations = {
	.init = f_init, .getattr = f_getattr, .opendir = f_opendir, .readdir = f_readdir, .releasedir = f_releasedir, .open = f_open, .create = f_create,
	.release = f_release, .read = f_read, .write = f_write, .truncate = f_truncate, .fsync = f_fsync, .fsyncdir = f_fsyncdir,
	.unlink = f_unlink, .rename = f_rename, .mkdir = f_mkdir, .rmdir = f_rmdir, .chmod = f_chmod, .chown = f_chown,
	.utimens = f_utimens,
};

int main(int count, char **arguments)
{
	if (count < 4 || realpath(arguments[1], backing) == NULL)
		return 2;
	record = fopen(arguments[2], "wb");
	if (record == NULL)
		return 2;
	arguments[2] = arguments[0];
	return fuse_main(count - 2, arguments + 2, &operations, NULL);
}
