package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// resolver reads flags that are not on the command line: from ACCOLADE_*
// variables first, then from the file that --config or ACCOLADE_CONFIG names. A
// file may be shared by commands: a setting that some other command has is
// passed over, one that none has is refused.
type resolver struct {
	app  *app
	args []string
	file map[string]string
}

// Validate refuses settings that no command knows.
func (r *resolver) Validate(root *kong.Application) error {
	known := flagNames(root.Node)
	for name := range r.file {
		if !slices.Contains(known, name) {
			return fmt.Errorf("settings in %s: no command has a setting %q; settings are called like flags, without the dashes", r.path(), name)
		}
	}
	return nil
}

// path is the settings file, if one is named. It is read before the command line
// is parsed, so that the flag is looked for by hand.
func (r *resolver) path() string {
	for i, arg := range r.args {
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			return value
		}
		if arg == "--config" && i+1 < len(r.args) {
			return r.args[i+1]
		}
	}
	path, _ := r.app.getenv("ACCOLADE_CONFIG")
	return path
}

func flagNames(n *kong.Node) []string {
	var names []string
	for _, f := range n.Flags {
		names = append(names, f.Name)
	}
	for _, child := range n.Children {
		names = append(names, flagNames(child)...)
	}
	return names
}

// Resolve answers for one flag that the command line does not have.
func (r *resolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" || flag.Name == "version" {
		return nil, nil
	}
	variable := "ACCOLADE_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
	if value, ok := r.app.getenv(variable); ok && value != "" {
		return value, nil
	}
	if value, ok := r.file[flag.Name]; ok {
		return value, nil
	}
	return nil, nil
}

// load reads the file.
func (r *resolver) load() error {
	r.file = map[string]string{}
	path := r.path()
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("settings in %s: %w", path, plainPathError(err))
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return fmt.Errorf("settings in %s: not a JSON object: %w", path, err)
	}
	for name, value := range members {
		if r.file[name], err = settingText(value); err != nil {
			return fmt.Errorf("settings in %s: %q: %w", path, name, err)
		}
	}
	return nil
}

// settingText is a setting as it would stand on the command line; a list is
// comma-separated there.
func settingText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool, json.Number:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			text, ok := item.(string)
			if !ok {
				return "", fmt.Errorf("a list holds texts only, not %v", item)
			}
			parts[i] = strings.ReplaceAll(text, ",", `\,`)
		}
		return strings.Join(parts, ","), nil
	}
	return "", fmt.Errorf("a setting is a text, a number, true, false or a list of texts")
}
