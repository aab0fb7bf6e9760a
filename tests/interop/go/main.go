// The go-libp2p peer of the interop tests. It speaks the language of ../README.md on standard input and output.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

type object = map[string]any

// How long anything may take for which the language names no time.
const commandTimeout = 60 * time.Second

var errUnknown = errors.New("unknown command")

var output struct {
	sync.Mutex
	*bufio.Writer
}

func say(message object) {
	line, err := json.Marshal(message)
	if err != nil {
		fmt.Fprintln(os.Stderr, "a message could not be written:", err)
		return
	}
	output.Lock()
	defer output.Unlock()
	output.Write(append(line, '\n'))
	output.Flush()
}

// The arguments of one command.
type command struct {
	values object
}

func (c command) text(name string) string {
	text, _ := c.values[name].(string)
	return text
}

func (c command) flag(name string, otherwise bool) bool {
	if value, ok := c.values[name].(bool); ok {
		return value
	}
	return otherwise
}

func (c command) number(name string, otherwise int) int {
	if value, ok := c.values[name].(float64); ok {
		return int(value)
	}
	return otherwise
}

func (c command) bytes(name string) ([]byte, error) {
	bytes, err := base64.StdEncoding.DecodeString(c.text(name))
	if err != nil {
		return nil, fmt.Errorf("%s is no base64: %w", name, err)
	}
	return bytes, nil
}

func (c command) object(name string) (command, bool) {
	inner, ok := c.values[name].(object)
	return command{inner}, ok
}

func answer(number any, result object, err error) {
	if result == nil {
		result = object{}
	}
	result["re"] = number
	result["ok"] = err == nil
	if err != nil {
		result["error"] = err.Error()
		if errors.Is(err, errUnknown) {
			result["unknown"] = true
		}
	}
	say(result)
}

func main() {
	output.Writer = bufio.NewWriter(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	var node *peerNode
	for lines.Scan() {
		var values object
		if err := json.Unmarshal(lines.Bytes(), &values); err != nil {
			fmt.Fprintln(os.Stderr, "not a command:", err)
			os.Exit(2)
		}
		c := command{values}
		number, name := values["n"], c.text("cmd")
		switch {
		case name == "stop":
			if node != nil {
				node.close()
			}
			answer(number, nil, nil)
			return
		case name == "start" && node == nil:
			started, err := start(c)
			if err != nil {
				answer(number, nil, err)
				continue
			}
			node = started
			answer(number, object{"id": node.host.ID().String(), "addresses": node.addresses(),
				"implementation": implementation()}, nil)
		case node == nil || name == "start":
			answer(number, nil, errors.New("start comes first, and once"))
		default:
			go func() {
				result, err := node.run(name, c)
				answer(number, result, err)
			}()
		}
	}
	if node != nil {
		node.close()
	}
}
