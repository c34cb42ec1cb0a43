package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// platform refuses machines for which the archives hold no server.
func platform() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("there is no archive for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// libraries returns where the shared libraries are, or the place where the
// package manager would put them.
func libraries(names ...string) []string {
	var out []string
	for _, name := range names {
		found := "/usr/lib/x86_64-linux-gnu/" + name
		for _, dir := range []string{"/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"} {
			if p := filepath.Join(dir, name); exists(p) {
				found = p
				break
			}
		}
		out = append(out, found)
	}
	return out
}

// firstOf returns the first path that exists, or "".
func firstOf(paths ...string) string {
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// sameFolder returns an error unless both paths are the same folder.
func sameFolder(got, want string) error {
	if filepath.Clean(got) != filepath.Clean(want) {
		return fmt.Errorf("another server answers, from %s", got)
	}
	return nil
}
