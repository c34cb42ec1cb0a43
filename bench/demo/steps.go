package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// task is the task file that migrate, verify and cutover take.
const task = `# Written by the demonstration.
name: sakila
source:
  url: %s
target:
  url: %s
`

// steps are the godwit commands that run while the writer works.
func (d *demo) steps() [][]string {
	return [][]string{
		{"assess", d.database(), "--to", "postgres", "--html", filepath.Join(d.out, "report.html")},
		{"convert", d.database(), "--to", "postgres", "-o", filepath.Join(d.out, "sql")},
		{"migrate", d.taskFile()},
		{"verify", d.taskFile()},
	}
}

func (d *demo) taskFile() string { return filepath.Join(d.out, "task.yaml") }

// step runs one godwit command and shows what it prints.
func (d *demo) step(ctx context.Context, args ...string) error {
	if err := os.WriteFile(d.taskFile(), fmt.Appendf(nil, task, d.database(), d.target), 0o644); err != nil {
		return fmt.Errorf("write the task: %w", err)
	}
	d.say("godwit %s", strings.Join(args, " "))
	start := time.Now()
	cmd := exec.CommandContext(ctx, d.godwit, args...)
	cmd.Stdout, cmd.Stderr = d.log, os.Stderr
	// A stop asks first, so that godwit ends at a checkpoint.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("godwit %s: %w", args[0], err)
	}
	d.say("godwit %s took %s", args[0], time.Since(start).Round(100*time.Millisecond))
	return nil
}
