package main

import (
	"time"

	"golang.org/x/sys/unix"
)

func setTime(at string, when time.Time) {
	spec := unix.NsecToTimespec(when.UnixNano())
	check(unix.UtimesNanoAt(unix.AT_FDCWD, at, []unix.Timespec{spec, spec}, unix.AT_SYMLINK_NOFOLLOW))
}
