package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// app is what all commands share.
type app struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, err: errOut}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintf(errOut, "godwit: %v\n", err)
	}
	return exitCode(ctx, err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "godwit",
		Short: "Move a database to another engine: assess, convert, load, follow, verify, cut over",
		Long: `godwit moves a database from one engine to another without stopping it.

It assesses the schema and its code, converts them, applies the result, copies the rows, follows the changes, proves that
both sides agree, and cuts over. A conversion is exact, exact under a recorded assumption, approximate with a finding, or
refused by name; it is never silently wrong.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused or approximate under --strict, 4 differences or failed checks, 130 interrupted.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v; see `%s --help`", err, c.CommandPath())
	})
	root.AddCommand(a.commands()...)
	return root
}

// commands lists every command in the order of a migration.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.assessCommand(),
		a.convertCommand(),
		a.translateCommand(),
		a.applyCommand(),
		a.checkCommand(),
		a.migrateCommand(),
		a.statusCommand(),
		a.verifyCommand(),
		a.cutoverCommand(),
		a.explainCommand(),
		a.whyCommand(),
	}
}
