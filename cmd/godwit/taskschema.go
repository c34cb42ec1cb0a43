package main

import (
	_ "embed"

	"github.com/spf13/cobra"
)

// taskSchema is the JSON schema of task files; TestTaskSchema writes it from the types that are decoded.
//
//go:embed task.schema.json
var taskSchema []byte

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of task files, for editors and pipelines",
		Example: `  godwit schema > task.schema.json
  # first line of a task file:  # yaml-language-server: $schema=task.schema.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("schema takes no argument")
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			_, err := a.out.Write(taskSchema)
			return err
		},
	}
}
