package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// policyFile is what Debian's invoke-rc.d asks before it starts a service.
const policyFile = "/usr/sbin/policy-rc.d"

// policyDeny forbids every service start while packages are installed.
const policyDeny = "#!/bin/sh\n# godwit engines: no service starts while packages are installed\nexit 101\n"

// InstallPackages installs Debian packages without starting any service. It
// needs root, or sudo without a password.
func (h *Host) InstallPackages(ctx context.Context, packages ...string) error {
	return h.needPackages(ctx, nil, packages...)
}

// needPackages installs packages unless all files are there already; without
// files it always asks the package manager.
func (h *Host) needPackages(ctx context.Context, files []string, packages ...string) error {
	there := func() bool { return len(files) > 0 && missing(files) == "" }
	if there() {
		return nil
	}
	h.install.Lock()
	defer h.install.Unlock()
	unlock, err := h.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if there() { // another run installed them meanwhile
		return nil
	}
	if err := h.apt(ctx, packages); err != nil {
		return err
	}
	if f := missing(files); f != "" {
		return fmt.Errorf("install %s: %s is still missing", strings.Join(packages, " "), f)
	}
	return nil
}

func missing(files []string) string {
	for _, f := range files {
		if !exists(f) {
			return f
		}
	}
	return ""
}

// apt runs with the install lock held.
func (h *Host) apt(ctx context.Context, packages []string) error {
	prefix, err := rootPrefix(ctx)
	if err != nil {
		return fmt.Errorf("install %s: %w", strings.Join(packages, " "), err)
	}
	if !h.aptUpdated {
		h.Logf("apt-get update")
		if err := runApt(ctx, prefix, "update"); err != nil {
			return err
		}
		h.aptUpdated = true
	}
	restore, err := denyServices(ctx, prefix)
	if err != nil {
		return err
	}
	defer restore()
	h.Logf("apt-get install %s", strings.Join(packages, " "))
	return runApt(ctx, prefix, append([]string{"install", "-y", "--no-install-recommends", "--no-upgrade"}, packages...)...)
}

// rootPrefix returns the words that make a command run as root.
func rootPrefix(ctx context.Context) ([]string, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, errors.New("there is no apt-get here; install these packages' equivalents by hand")
	}
	if os.Geteuid() == 0 {
		return nil, nil
	}
	if exec.CommandContext(ctx, "sudo", "-n", "true").Run() == nil {
		return []string{"sudo", "-n"}, nil
	}
	return nil, errors.New("this needs root, and sudo asks for a password or is missing; run apt-get install with these packages first")
}

func runApt(ctx context.Context, prefix []string, args ...string) error {
	argv := append([]string{}, prefix...)
	argv = append(argv, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=600")
	argv = append(argv, args...)
	if err := ctx.Err(); err != nil {
		return err
	}
	// A package manager that was killed half-way leaves a broken machine, so
	// neither our end nor the terminal's Ctrl-C reaches it.
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return runQuiet(cmd)
}

// denyServices puts our policy file in place; the returned function puts back
// what was there. A file saved by a run that died is put back first.
func denyServices(ctx context.Context, prefix []string) (func(), error) {
	saved := policyFile + ".godwit-saved"
	as := func(args ...string) error {
		argv := append(append([]string{}, prefix...), args...)
		// The restoring half must run even when ctx was cancelled.
		return runQuiet(exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...))
	}
	putBack := func() error {
		if exists(saved) {
			return as("mv", "-f", saved, policyFile)
		}
		return as("rm", "-f", policyFile)
	}
	if old, err := os.ReadFile(policyFile); err == nil && string(old) == policyDeny {
		if err := putBack(); err != nil {
			return nil, fmt.Errorf("restore %s: %w", policyFile, err)
		}
	}
	if exists(policyFile) {
		if err := as("mv", policyFile, saved); err != nil {
			return nil, fmt.Errorf("save %s: %w", policyFile, err)
		}
	}
	write := exec.CommandContext(ctx, "sh", "-c", "cat > \"$0\" && chmod 755 \"$0\"", policyFile)
	if len(prefix) > 0 {
		write = exec.CommandContext(ctx, prefix[0], append(append([]string{}, prefix[1:]...), write.Args...)...)
	}
	write.Stdin = strings.NewReader(policyDeny)
	restore := func() {
		if err := putBack(); err != nil {
			fmt.Fprintf(os.Stderr, "restore %s: %v\n", policyFile, err)
		}
	}
	if err := runQuiet(write); err != nil {
		restore()
		return nil, fmt.Errorf("write %s: %w", policyFile, err)
	}
	return restore, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
