package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// app is what all commands share.
type app struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	result := &resultWriter{to: out}
	a := &app{in: in, out: result, err: errOut}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(result)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil && result.err != nil {
		err = fmt.Errorf("write the result: %w", result.err)
	}
	if err != nil {
		fmt.Fprintf(errOut, "godwit: %v\n", err)
	}
	return exitCode(ctx, err)
}

// resultWriter keeps the first error of what is printed: a result that is not whole is none.
type resultWriter struct {
	to  io.Writer
	err error
}

func (w *resultWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// errInterrupted ends a command whose result is not there: files of a folder may be, without the order that makes it one.
var errInterrupted = errors.New("interrupted: there is no result")

// interruptible runs what computes and does not look at ctx. What was interrupted goes on until the process ends, which is at once.
func interruptible(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errInterrupted
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "godwit",
		Short: "Move a database to another engine: assess, convert, load, follow, verify, cut over",
		Long: `godwit moves a database from one engine to another without stopping it.

It assesses the schema and its code, converts them, applies the result, copies the rows, follows the changes, proves that
both sides agree, and cuts over. A conversion is exact, exact under a recorded assumption, approximate with a finding, or
refused by name; it is never silently wrong.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, approximate or not seen under --strict, 4 differences or failed checks, 130 interrupted.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          unknownCommand,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v; see `%s --help`", err, c.CommandPath())
	})
	root.AddGroup(&cobra.Group{ID: groupConvert, Title: "Convert a schema and its code:"}, &cobra.Group{ID: groupMove, Title: "Move a database:"})
	root.AddCommand(a.commands()...)
	root.DisableFlagsInUseLine = true
	root.SuggestionsMinimumDistance = 2
	return root
}

// unknownCommand shows the help, or says what a word that is no command may have meant.
func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return usage("there is no command %s; did you mean %s?", args[0], strings.Join(near, ", "))
	}
	return usage("there is no command %s; `godwit --help` lists them", args[0])
}

// The groups of commands on the first screen.
const (
	groupConvert = "convert"
	groupMove    = "move"
)

// commands lists every command in the order of a migration.
func (a *app) commands() []*cobra.Command {
	converting := []*cobra.Command{a.assessCommand(), a.convertCommand(), a.translateCommand(), a.profileCommand(), a.explainCommand(), a.whyCommand()}
	moving := []*cobra.Command{a.schemaCommand(), a.checkCommand(), a.applyCommand(), a.migrateCommand(), a.statusCommand(), a.verifyCommand(), a.reloadCommand(),
		a.cutoverCommand(), a.fallbackCommand()}
	for _, c := range converting {
		c.GroupID = groupConvert
	}
	for _, c := range moving {
		c.GroupID = groupMove
	}
	return append(converting, moving...)
}
