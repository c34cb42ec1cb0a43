package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"godwit"
	"godwit/ir/dialect"
)

func (a *app) profileCommand() *cobra.Command {
	f := &sourceFlags{}
	cmd := &cobra.Command{
		Use:   "profile SOURCE",
		Short: "Print a script that shows which NUMBER columns of Oracle hold whole numbers",
		Long: `profile reads the definitions of SOURCE and prints a SQL*Plus script, which counts what the NUMBER columns without digits hold. Run it at the
source, keep what it prints, and give that to the other commands by --profile: columns with rows, all of them whole and of at most 18
digits, become bigint, and the ledger of assumptions names each of them. Without a profile they stay numeric, which is always right.`,
		Example: `  godwit profile schema.sql --from oracle > profile.sql
  sqlplus -s scott@db1 @profile.sql > profile.csv
  godwit convert schema.sql --from oracle --profile profile.csv -o out`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			opt, err := f.options(args[0])
			if err != nil {
				return err
			}
			in, err := a.read(cmd.Context(), args[0], &opt, f)
			if err != nil {
				return err
			}
			if opt.From != dialect.Oracle {
				return usage("profile is for Oracle, whose NUMBER tells no type; SOURCE is %s", opt.From)
			}
			c, err := godwit.Convert(in.files, opt)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(a.out, godwit.ProfileScript(c.Catalog))
			return err
		},
	}
	f.register(cmd)
	return cmd
}

// readProfile reads the file of --profile, if there is one.
func (f *sourceFlags) readProfile(opt *godwit.Options) error {
	if f.profile == "" {
		return nil
	}
	if opt.From != dialect.Oracle {
		return usage("--profile is for Oracle, whose NUMBER tells no type: add --from oracle")
	}
	file, err := os.Open(f.profile)
	if err != nil {
		return usage("--profile: %v", err)
	}
	defer file.Close()
	if opt.Profile, err = godwit.ReadProfile(file); err != nil {
		return usage("--profile %s: %v", f.profile, err)
	}
	return nil
}
