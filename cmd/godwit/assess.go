package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"godwit"
	"godwit/assess"
)

// assessCmd tells what converts by itself and what the rest costs.
type assessCmd struct {
	app         *app
	src         sourceFlags
	html        string
	json        bool
	effort      string
	printEffort bool
}

func (a *app) assessCommand() *cobra.Command {
	c := &assessCmd{app: a}
	cmd := &cobra.Command{
		Use:   "assess SOURCE",
		Short: "Tell what converts by itself, what needs a person, and how many hours",
		Long: `assess runs the whole conversion of SOURCE and reports its findings; it writes nothing but the report.

SOURCE is a script (also compressed by gzip or bzip2), a folder of scripts, "-" for standard input, or a live database: mysql://user@host:port/database
(the password by reference: ?password=env:NAME or ?password=file:PATH).`,
		Example: `  godwit assess schema.sql --to postgres
  godwit assess mysql://app@db1:3306/shop?password=env:DBPASS --html report.html`,
		Args: atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			return interruptible(cmd.Context(), func() error { return c.Run(cmd.Context(), args) })
		},
	}
	c.src.register(cmd)
	cmd.Flags().StringVar(&c.html, "html", "", "write the report as one self-contained HTML page to this file")
	cmd.Flags().BoolVar(&c.json, "json", false, "print the report as JSON")
	cmd.Flags().StringVar(&c.effort, "effort", "", "effort table to use (see --print-effort)")
	cmd.Flags().BoolVar(&c.printEffort, "print-effort", false, "print the effort table for editing and stop")
	return cmd
}

// Run executes the command.
func (c *assessCmd) Run(ctx context.Context, args []string) error {
	codes := godwit.Codes()
	model := assess.NewModel(codes)
	if c.effort != "" {
		var err error
		if model, err = assess.ReadModel(c.effort, codes); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	if c.printEffort {
		return model.Write(c.app.out)
	}
	if len(args) != 1 {
		return usage("assess wants one SOURCE; see `godwit assess --help`")
	}
	opt, err := c.src.options(args[0])
	if err != nil {
		return err
	}
	src, conv, err := c.convert(ctx, args[0], opt)
	if err != nil {
		return err
	}
	unread := src.judge(conv)
	in := assess.Input{Source: src.label, Target: targetLabel(conv), Objects: conv.Objects(), Statements: conv.Statements(), MoreRows: conv.RowsLeft, Codes: codes, Unseen: src.unseen, Made: time.Now(), Version: version}
	report := assess.Make(in, model)
	if c.html != "" {
		if err := writeFile(c.html, report.WriteHTML); err != nil {
			return err
		}
		fmt.Fprintf(c.app.err, "report written to %s\n", c.html)
	}
	if c.json {
		return errors.Join(report.WriteJSON(c.app.out), unread)
	}
	return errors.Join(report.WriteText(c.app.out), unread)
}

// convert converts what is assessed; the rows of large scripts are not kept.
func (c *assessCmd) convert(ctx context.Context, arg string, opt godwit.Options) (*sourceText, *godwit.Conversion, error) {
	scripts, list, err := largeScripts(arg)
	if err != nil {
		return nil, nil, err
	}
	if scripts != nil {
		opt.Found = list.found
		conv, err := bounded(opt, func(o godwit.Options) (*godwit.Conversion, error) { return godwit.ConvertScripts(scripts, o) })
		if err != nil {
			return nil, nil, err
		}
		src, err := largeText(arg, scripts, list)
		return src, conv, err
	}
	src, err := c.app.read(ctx, arg, &opt, &c.src)
	if err != nil {
		return nil, nil, err
	}
	conv, err := godwit.Convert(src.files, opt)
	return src, conv, err
}

func targetLabel(c *godwit.Conversion) string {
	return fmt.Sprintf("PostgreSQL %d", c.Options.ToVersion)
}

// writeFile writes a whole file or none: a failure leaves the old one.
func writeFile(path string, write func(w io.Writer) error) error {
	tmp := path + ".tmp"
	f, err := os.Create(tmp)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err = write(f); err == nil {
		err = f.Close()
	} else {
		f.Close()
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
