// st_mode, as POSIX has it.
const [S_IFMT, S_IFDIR, S_IFLNK] = [0o170000, 0o040000, 0o120000];
const [S_ISUID, S_ISGID, S_ISVTX] = [0o4000, 0o2000, 0o1000];
// Go's io/fs.FileMode.
const [MODE_DIR, MODE_SYMLINK] = [2 ** 31, 2 ** 27];
const [MODE_SETUID, MODE_SETGID, MODE_STICKY] = [2 ** 23, 2 ** 22, 2 ** 20];

/** The mode of a file, folder or symlink in the bits of Go's fs.FileMode; unsigned. */
export function goFileMode(mode: number): number {
  const type = mode & S_IFMT;
  return (
    (mode & 0o777) +
    (type === S_IFDIR ? MODE_DIR : type === S_IFLNK ? MODE_SYMLINK : 0) +
    (mode & S_ISUID ? MODE_SETUID : 0) +
    (mode & S_ISGID ? MODE_SETGID : 0) +
    (mode & S_ISVTX ? MODE_STICKY : 0)
  );
}
