<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>AddNodeSheet</name>
    <message>
        <source>Connect to a node elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>https://host:8080</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token: the first line of DATA/api.token on that node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or a file that holds it, read at each start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Authorities to check an https node against (PEM), when not the system&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CA file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept any certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClusterMenu</name>
    <message>
        <source>Clusters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends the connection and forgets the node; nothing on it changes (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Search and commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to, do, or deploy: restart web, nodes, nginx:1.27</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing fits “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>↑ ↓ choose · Enter does it · Esc closes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeployPlan</name>
    <message>
        <source>Plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Understood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2, %3 replicas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ports %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 replica</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 replicas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where, and why</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeploySheetBody</name>
    <message>
        <source>Checking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>edit here, the plan follows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>long: its beginning is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command that does the same: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Drop to see the plan</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Drop a manifest, Compose file or Kubernetes YAML here, or paste an image name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You see what will run where, and why, before anything happens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindingCard</name>
    <message>
        <source>line %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the line</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Run containers on %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run containers on this computer, and on any others that join it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You say what should run. Univrs shows where it would and why, starts it when you agree, and keeps it running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The container engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No container engine answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install Podman (sudo apt install podman) or start Docker (sudo systemctl start docker). Univrs finds it by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Univrs, Compose or Kubernetes YAML, anywhere in this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A small web server on port 8081, in one container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or name an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a terminal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HealthPanel</name>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same in a terminal: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImageField</name>
    <message>
        <source>Image, for example nginx:1.27-alpine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show plan</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Details of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One replica fewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 replicas ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One replica more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stops and removes it; the next message can take it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>generation %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None is wanted: scale up to start one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>InstanceRow</name>
    <message>
        <source>1 restart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 restarts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>since %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LogPane</name>
    <message>
        <source>Logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instance whose log is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All instances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was written yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 new line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 new lines</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Univrs – %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Univrs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost: what you see may be old</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ManifestEditor</name>
    <message>
        <source>Manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste a manifest, a Compose file or Kubernetes YAML, or write an image name such as nginx:1.27-alpine</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NotificationPanel</name>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear what is solved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing needs you. Crash loops, updates that do not get on, images that cannot be fetched and nodes that are down are told here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>solved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OpenDialog</name>
    <message>
        <source>Open manifests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manifests (*.yaml *.yml *.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Restart %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale %1 up by one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scale up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale %1 down by one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scale down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logs of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>logs,log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>remove,delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy what is on the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fold or unfold the rail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit Univrs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QuitSheet</name>
    <message>
        <source>Quit Univrs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running and quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop all and quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unfold the rail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fold</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RailItem</name>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsSheet</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No setting fits “%1”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 pull under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 pulls under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Univrs %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Cluster: %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search, or run a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Control K</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications, %1 unread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open manifests (Ctrl+O)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write or paste a manifest (Ctrl+N)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>View</name>
    <message>
        <source>Workloads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WorkloadRow</name>
    <message>
        <source>%1, %2, %3 of %4 ready</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WorkloadsView</name>
    <message>
        <source>Workloads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is deployed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 desired · %2 healthy · %3 progressing · %4 degraded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Healthy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs you %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No workload matches “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No workload is in this state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a manifest, Compose file or Kubernetes YAML anywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You see what will run where, and why, before anything happens</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Actions</name>
    <message>
        <source>Nothing more was asked of the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 commands are still without an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait for them, or check the connection.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken back: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Appearance</name>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::ConnectionModel</name>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::DeploySession</name>
    <message>
        <source>%1 was left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the sheet is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 manifests deployed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy %1 files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 workload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 workloads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 replica</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 replicas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploying</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected: the plan follows once the node answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write or paste a manifest, or an image name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fits</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Desk</name>
    <message>
        <source>this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was not added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the window shows %1 nodes already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected to %1. Its token is in the desktop&apos;s keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected to %1. No keyring answered: its token is in a file only you can read, in %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::DesktopNotices</name>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::HealthModel</name>
    <message>
        <source>Node not ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 need you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node degraded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progressing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is deployed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 healthy · %2 progressing · %3 degraded</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::InstanceListModel</name>
    <message>
        <source>%1 on %2, restarts: %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Leaving</name>
    <message>
        <source>1 workload runs on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 workloads run on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Univrs was started with --stop-workloads: they stop with it, and start again with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Their containers can go on without Univrs, but nothing restarts or checks them, and their published ports do not answer, until Univrs starts again. Stopped ones start again with it, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit (1 workload stops)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit (%1 workloads stop)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit (asks about 1 workload)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit (asks about %1 workloads)…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::LogModel</name>
    <message>
        <source>ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>following</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::NodeForm</name>
    <message>
        <source>http to another machine: the token can be read on the way. Use https, or a tunnel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any certificate is accepted: whoever sits between can read the token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node was not added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is no address of a node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as https://host:8080.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is already there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose it in the list.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Notifications</name>
    <message>
        <source>%1 keeps crashing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restarted %1 times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read its log, then correct it, or take the last change back: univrs undo %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The update of %1 does not get on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 instances are new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the log of a new instance, or take the change back: univrs undo %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look whether the machine and its network are up; its workloads go elsewhere where they can</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start its container engine; what runs goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image of %1 cannot be fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the image&apos;s name and tag, that the registry lets you in, and the connection; it is tried again by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A port of %1 is not published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the program that has the port, or deploy with another one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Univrs to see all of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
%2
%3
on %4, %5</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::OperationsModel</name>
    <message>
        <source>pulling %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::PaletteModel</name>
    <message>
        <source>Workload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>instance of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shows the plan first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy what you typed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Session</name>
    <message>
        <source>Nothing was pasted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the clipboard holds neither text nor files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy a manifest or an image name first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Settings</name>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where I left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Behaviour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light, dark, or as the desktop has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>theme colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compact rows show more at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>density size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing slides or fades</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>animation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the next start on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>translation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the window shows when it opens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running in the tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing the window leaves Univrs in the tray, where there is one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close quit background</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desktop notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>While the window is not in front; the bell has them in any case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>popups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crash loops</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A workload ends again and again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Updates that do not get on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New instances do not become ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rollout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images that cannot be fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Denied, not found, no connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pull registry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ports that cannot be published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usually another program has them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nodes that are down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or whose container engine does not answer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Surroundings</name>
    <message>
        <source>Univrs goes on in the tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click its icon for the window; Quit is in its menu.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::Tray</name>
    <message>
        <source>Show window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deploy a file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste and deploy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Univrs: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>univrs::gui::WorkloadDetails</name>
    <message>
        <source>%1 CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1/%2, not published</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
