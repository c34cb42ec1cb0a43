package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"godwit"
	"godwit/ir/diag"
)

// translateCmd translates statements in the order of a session.
type translateCmd struct {
	app    *app
	src    sourceFlags
	json   bool
	strict bool
}

func (a *app) translateCommand() *cobra.Command {
	c := &translateCmd{app: a}
	cmd := &cobra.Command{
		Use:   "translate FILE",
		Short: "Translate statements one by one, as a session would send them",
		Long: `translate reads statements from FILE ("-" for standard input) and prints what each becomes, with its findings.
DDL, routines, DML, queries, calls and anonymous blocks all go through it; --catalog gives the names and types of tables.

With --json it prints an array with one entry per source statement:
  {"source":"...","line":n,"target":[{"sql":"...","rows":true}],"status":"exact|assumed|approximate|refused","findings":[...]}
The target statements run one by one in one session; "rows" marks those whose rows are the source statement's result.`,
		Example: `  echo "SELECT IFNULL(a, 0) / 2 FROM t" | godwit translate - --catalog schema.sql`,
		Args:    oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			return interruptible(cmd.Context(), func() error { return c.Run(cmd.Context(), args[0]) })
		},
	}
	c.src.register(cmd)
	c.src.autocommit = "auto" // statements of a session: each is its own transaction
	cmd.Flags().Lookup("autocommit").DefValue = "auto"
	cmd.Flags().BoolVar(&c.json, "json", false, "print the JSON contract")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "exit with code 3 when something is approximate or refused")
	return cmd
}

// Run executes the command.
func (c *translateCmd) Run(ctx context.Context, arg string) error {
	opt, err := c.src.options(arg)
	if err != nil {
		return err
	}
	src, err := c.app.read(ctx, arg, &opt, &c.src)
	if err != nil {
		return err
	}
	conv, err := godwit.Translate(src.files, opt)
	if err != nil {
		return err
	}
	if c.json {
		if err := conv.WriteJSON(c.app.out); err != nil {
			return err
		}
		return strictError(conv, 0, c.strict)
	}
	for _, t := range conv.Translated() {
		c.print(t)
	}
	return strictError(conv, 0, c.strict)
}

func (c *translateCmd) print(t godwit.Translated) {
	for _, f := range t.Findings {
		if f.Severity > diag.Info || t.Status == diag.Refused {
			fmt.Fprintf(c.app.out, "-- godwit %s (%s, line %d): %s\n", f.Code, f.Severity, f.Line, strings.Join(strings.Fields(f.Message), " "))
		}
	}
	if t.Status == diag.Refused {
		fmt.Fprintf(c.app.out, "-- %s\n\n", strings.NewReplacer("\r\n", "\n-- ", "\r", "\n-- ", "\n", "\n-- ").Replace(t.Source)) // a carriage return ends a comment
		return
	}
	for _, s := range t.Target {
		fmt.Fprintf(c.app.out, "%s;\n", s.SQL)
	}
	fmt.Fprintln(c.app.out)
}
