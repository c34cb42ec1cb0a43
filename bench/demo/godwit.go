package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"godwit/bench/process"
)

// call shows and runs a godwit command and returns what it prints.
func (d *demo) call(ctx context.Context, args ...string) (string, error) {
	d.screen.command("godwit " + strings.Join(args, " "))
	return d.quiet(ctx, args...)
}

// quiet runs a godwit command without showing it.
func (d *demo) quiet(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := process.Command(ctx, d.godwit, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	fmt.Fprintf(d.log, "$ godwit %s\n%s\n", strings.Join(args, " "), out.String())
	if err != nil {
		return out.String(), failed(args, err, out.String())
	}
	return out.String(), nil
}

// failed says which command failed, how, and what it printed last.
func failed(args []string, err error, output string) error {
	lines := splitText(output)
	if len(lines) > 25 {
		lines = append([]string{"..."}, lines[len(lines)-25:]...)
	}
	return fmt.Errorf("godwit %s failed: %w\n%s", strings.Join(args, " "), err, strings.Join(lines, "\n"))
}
