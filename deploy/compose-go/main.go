// Command compose-go reads docker-compose.yml and .env of the folder that it is started in, with the library and the options of `docker compose`,
// and prints what came of them as JSON. The tests of docker-compose.yml build it; nothing else uses it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if err := load(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load() error {
	options, err := cli.NewProjectOptions(nil, cli.WithWorkingDirectory("."), cli.WithOsEnv, cli.WithEnvFiles(), cli.WithDotEnv,
		cli.WithConfigFileEnv, cli.WithDefaultConfigPath, cli.WithDefaultProfiles())
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	json, err := project.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(json)
	return err
}
