<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>AddNodeSheet</name>
    <message>
        <source>Connect to a node elsewhere</source>
        <translation>Mit einem anderen Knoten verbinden</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>https://host:8080</source>
        <translation>https://host:8080</translation>
    </message>
    <message>
        <source>Token: the first line of DATA/api.token on that node</source>
        <translation>Token: die erste Zeile von DATA/api.token auf jenem Knoten</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Or a file that holds it, read at each start</source>
        <translation>Oder eine Datei mit dem Token, bei jedem Start gelesen</translation>
    </message>
    <message>
        <source>Token file</source>
        <translation>Token-Datei</translation>
    </message>
    <message>
        <source>Authorities to check an https node against (PEM), when not the system&apos;s</source>
        <translation>Zertifizierungsstellen (PEM) zur Prüfung eines https-Knotens, falls nicht die des Systems</translation>
    </message>
    <message>
        <source>CA file</source>
        <translation>CA-Datei</translation>
    </message>
    <message>
        <source>Accept any certificate</source>
        <translation>Jedes Zertifikat annehmen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Anfrage läuft …</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>no value</source>
        <translation>kein Wert</translation>
    </message>
    <message>
        <source>%1 m</source>
        <translation>%1 m</translation>
    </message>
    <message>
        <source>1 core</source>
        <translation>1 Kern</translation>
    </message>
    <message>
        <source>%1 cores</source>
        <translation>%1 Kerne</translation>
    </message>
    <message>
        <source>MMM d</source>
        <comment>a day, as QLocale::toString() reads it</comment>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>MMM d, HH:mm</source>
        <comment>a day and time, as QLocale::toString() reads them</comment>
        <translation>d. MMM, HH:mm</translation>
    </message>
</context>
<context>
    <name>ChartsPane</name>
    <message>
        <source>Each</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <source>A line for each instance</source>
        <translation>Eine Linie je Instanz</translation>
    </message>
    <message>
        <source>Nothing was measured in this time. The node keeps a measure every 10 s while an instance runs.</source>
        <translation>In dieser Zeit wurde nichts gemessen. Der Knoten misst alle 10 s, solange eine Instanz läuft.</translation>
    </message>
    <message>
        <source>Charts of %1</source>
        <translation>Diagramme von %1</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Network received</source>
        <translation>Netzwerk, empfangen</translation>
    </message>
    <message>
        <source>Network sent</source>
        <translation>Netzwerk, gesendet</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>Neustarts</translation>
    </message>
    <message>
        <source>The first %1 of %2 instances are shown</source>
        <translation>Gezeigt werden die ersten %1 von %2 Instanzen</translation>
    </message>
    <message>
        <source>limit</source>
        <translation>Limit</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>No values in this time</source>
        <translation>Keine Werte in dieser Zeit</translation>
    </message>
</context>
<context>
    <name>ClusterMenu</name>
    <message>
        <source>Clusters</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>%1 vergessen</translation>
    </message>
    <message>
        <source>Ends the connection and forgets the node; nothing on it changes (Del)</source>
        <translation>Trennt die Verbindung und vergisst den Knoten; auf ihm ändert sich nichts (Entf)</translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation>Mit einem anderen Knoten verbinden …</translation>
    </message>
</context>
<context>
    <name>CodeView</name>
    <message>
        <source>Manifest</source>
        <translation>Manifest</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
</context>
<context>
    <name>ColumnMenu</name>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Move left</source>
        <translation>Nach links</translation>
    </message>
    <message>
        <source>Move right</source>
        <translation>Nach rechts</translation>
    </message>
    <message>
        <source>Wider</source>
        <translation>Breiter</translation>
    </message>
    <message>
        <source>Narrower</source>
        <translation>Schmaler</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>Spalten zurücksetzen</translation>
    </message>
</context>
<context>
    <name>ColumnsButton</name>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
</context>
<context>
    <name>CommandLine</name>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Search and commands</source>
        <translation>Suche und Befehle</translation>
    </message>
    <message>
        <source>Go to, do, or deploy: restart web, nodes, nginx:1.27</source>
        <translation>Suchen, ausführen, bereitstellen: restart web, Knoten, nginx:1.27</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Nothing fits “%1”</source>
        <translation>Nichts passt zu „%1“</translation>
    </message>
    <message>
        <source>↑ ↓ choose · Enter does it · Esc closes</source>
        <translation>↑ ↓ wählt · Eingabe führt aus · Esc schließt</translation>
    </message>
</context>
<context>
    <name>ConsolePane</name>
    <message>
        <source>Consoles</source>
        <translation>Konsolen</translation>
    </message>
    <message>
        <source>Shown larger</source>
        <translation>Größer dargestellt</translation>
    </message>
</context>
<context>
    <name>ConsoleScreen</name>
    <message>
        <source>Terminal of %1</source>
        <translation>Terminal von %1</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Tab leaves it</source>
        <translation>Strg+Umschalt+Tab verlässt es</translation>
    </message>
    <message>
        <source>1 line below</source>
        <translation>1 Zeile darunter</translation>
    </message>
    <message numerus="yes">
        <source>%n lines below</source>
        <translation>
            <numerusform>%n Zeile darunter</numerusform>
            <numerusform>%n Zeilen darunter</numerusform>
        </translation>
    </message>
    <message>
        <source>Paste this line with its end? To this program that is a press of Return: it may run it at once.</source>
        <translation>Diese Zeile samt Zeilenende einfügen? Für dieses Programm ist das ein Druck auf die Eingabetaste: Es führt sie womöglich sofort aus.</translation>
    </message>
    <message numerus="yes">
        <source>Paste %n lines? Each line end is a press of Return to this program: it may run them one by one.</source>
        <translation>
            <numerusform>%n Zeile einfügen? Jedes Zeilenende ist für dieses Programm ein Druck auf die Eingabetaste: Es führt sie womöglich sofort aus.</numerusform>
            <numerusform>%n Zeilen einfügen? Jedes Zeilenende ist für dieses Programm ein Druck auf die Eingabetaste: Es führt sie womöglich nacheinander aus.</numerusform>
        </translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Do not paste</source>
        <translation>Nicht einfügen</translation>
    </message>
    <message>
        <source>Copy what happened</source>
        <translation>Hergang kopieren</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>Erneut ausführen</translation>
    </message>
    <message>
        <source>Return, in the terminal</source>
        <translation>Eingabetaste, im Terminal</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Tab leaves the terminal · Ctrl+Shift+C copies · Ctrl+Shift+V pastes</source>
        <translation>Strg+Umschalt+Tab verlässt das Terminal · Strg+Umschalt+C kopiert · Strg+Umschalt+V fügt ein</translation>
    </message>
    <message>
        <source>Return runs it again</source>
        <translation>Eingabetaste führt erneut aus</translation>
    </message>
    <message>
        <source>Copy the command: %1</source>
        <translation>Befehl kopieren: %1</translation>
    </message>
</context>
<context>
    <name>ConsoleStart</name>
    <message>
        <source>Open a console</source>
        <translation>Konsole öffnen</translation>
    </message>
    <message>
        <source>Open a console in %1</source>
        <translation>Konsole in %1 öffnen</translation>
    </message>
    <message>
        <source>%1 has no instance to open a console in</source>
        <translation>%1 hat keine Instanz, in der eine Konsole geöffnet werden kann</translation>
    </message>
    <message>
        <source>Scale it up, or wait until one runs.</source>
        <translation>Hochskalieren oder warten, bis eine läuft.</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instanz</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>Container</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>A shell: bash where there is one, else sh</source>
        <translation>Eine Shell: bash, falls vorhanden, sonst sh</translation>
    </message>
    <message>
        <source>Command; empty for a shell</source>
        <translation>Befehl; leer für eine Shell</translation>
    </message>
    <message>
        <source>Open console</source>
        <translation>Konsole öffnen</translation>
    </message>
    <message>
        <source>As many as can be are open: close one first</source>
        <translation>Mehr können nicht offen sein: zuerst eine schließen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
</context>
<context>
    <name>ConsoleStrip</name>
    <message>
        <source>Open consoles</source>
        <translation>Offene Konsolen</translation>
    </message>
    <message>
        <source>Close the console in %1</source>
        <translation>Konsole in %1 schließen</translation>
    </message>
    <message>
        <source>Close; its program is ended</source>
        <translation>Schließen; ihr Programm wird beendet</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Open another console</source>
        <translation>Weitere Konsole öffnen</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Enter</source>
        <translation>Strg+Umschalt+Eingabe</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Count</name>
    <message>
        <source>%1 k</source>
        <translation>%1 k</translation>
    </message>
</context>
<context>
    <name>DataTable</name>
    <message>
        <source>Nothing to show</source>
        <translation>Nichts anzuzeigen</translation>
    </message>
    <message>
        <source>The connection is lost; this is how it was</source>
        <translation>Die Verbindung ist unterbrochen; gezeigt wird der letzte bekannte Stand</translation>
    </message>
    <message>
        <source>Nothing matches “%1”</source>
        <translation>Nichts passt zu „%1“</translation>
    </message>
</context>
<context>
    <name>Decision</name>
    <message>
        <source>Placed</source>
        <translation>Platziert</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>deploy</source>
        <translation>Bereitstellung</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>Skalierung</translation>
    </message>
    <message>
        <source>update</source>
        <translation>Update</translation>
    </message>
    <message>
        <source>replacement</source>
        <translation>Ersatz</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>Plan</translation>
    </message>
</context>
<context>
    <name>DecisionInspector</name>
    <message>
        <source>Decision on %1</source>
        <translation>Entscheidung zu %1</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>%1 · because of %2 · %3 ago · %4</source>
        <translation>%1 · wegen %2 · vor %3 · %4</translation>
    </message>
    <message>
        <source>Open the workload</source>
        <translation>Workload öffnen</translation>
    </message>
    <message>
        <source>Open the node</source>
        <translation>Knoten öffnen</translation>
    </message>
    <message>
        <source>Only this workload</source>
        <translation>Nur dieser Workload</translation>
    </message>
    <message>
        <source>Show only the decisions on %1</source>
        <translation>Nur die Entscheidungen zu %1 zeigen</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Fit %1</source>
        <translation>Passend %1</translation>
    </message>
    <message>
        <source>Refused %1</source>
        <translation>Abgelehnt %1</translation>
    </message>
    <message>
        <source>Node, reason</source>
        <translation>Knoten, Grund</translation>
    </message>
    <message>
        <source>Search the nodes of this decision</source>
        <translation>Knoten dieser Entscheidung durchsuchen</translation>
    </message>
    <message>
        <source>Nodes of this decision</source>
        <translation>Knoten dieser Entscheidung</translation>
    </message>
    <message>
        <source>No node is of this kind</source>
        <translation>Kein Knoten ist von dieser Art</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Score or refusal</source>
        <translation>Wertung oder Ablehnung</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Wertung</translation>
    </message>
    <message>
        <source>Loading the nodes&apos; reasons</source>
        <translation>Gründe der Knoten werden geladen</translation>
    </message>
    <message>
        <source>No node&apos;s reason is on record</source>
        <translation>Zu keinem Knoten ist ein Grund aufgezeichnet</translation>
    </message>
</context>
<context>
    <name>DeployFormPane</name>
    <message>
        <source>An edit here writes the text anew, without its comments.</source>
        <translation>Eine Änderung hier schreibt den Text neu, ohne seine Kommentare.</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Replikate</translation>
    </message>
    <message>
        <source>Ports, as host:container</source>
        <translation>Ports, als Host:Container</translation>
    </message>
    <message>
        <source>CPU limit</source>
        <translation>CPU-Limit</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>Speicherlimit</translation>
    </message>
    <message>
        <source>Environment, KEY=VALUE a line</source>
        <translation>Umgebung, je Zeile KEY=VALUE</translation>
    </message>
</context>
<context>
    <name>DeployPlan</name>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Understood</source>
        <translation>Verstanden</translation>
    </message>
    <message>
        <source>%1, %2, %3 replicas</source>
        <translation>%1, %2, %3 Replikate</translation>
    </message>
    <message>
        <source>ports %1</source>
        <translation>Ports %1</translation>
    </message>
    <message>
        <source>1 replica</source>
        <translation>1 Replikat</translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation>Was geschehen wird</translation>
    </message>
    <message>
        <source>Where, and why</source>
        <translation>Wo und warum</translation>
    </message>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n Replikat</numerusform>
            <numerusform>%n Replikate</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeploySheetBody</name>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>1 error</source>
        <translation>1 Fehler</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 Warnung</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation>Manifest</translation>
    </message>
    <message>
        <source>edit here, the plan follows</source>
        <translation>hier bearbeiten, der Plan folgt</translation>
    </message>
    <message>
        <source>long: its beginning is shown</source>
        <translation>lang: nur der Anfang ist zu sehen</translation>
    </message>
    <message>
        <source>Leave out %1</source>
        <translation>%1 weglassen</translation>
    </message>
    <message>
        <source>Same as</source>
        <translation>Entspricht</translation>
    </message>
    <message>
        <source>The command that does the same: %1</source>
        <translation>Der Befehl, der dasselbe tut: %1</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>%n errors</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warnings</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Formular</translation>
    </message>
    <message>
        <source>Paste a manifest, a Compose file or Kubernetes YAML, or write an image name such as nginx:1.27-alpine</source>
        <translation>Manifest, Compose-Datei oder Kubernetes-YAML einfügen oder einen Image-Namen wie nginx:1.27-alpine schreiben</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Drop to see the plan</source>
        <translation>Ablegen, um den Plan zu sehen</translation>
    </message>
</context>
<context>
    <name>DroppedSource</name>
    <message>
        <source>%1 cannot be deployed</source>
        <translation>%1 kann nicht bereitgestellt werden</translation>
    </message>
    <message>
        <source>it is a binary file, not text in UTF-8</source>
        <translation>es ist eine Binärdatei, kein Text in UTF-8</translation>
    </message>
    <message>
        <source>Drop a Univrs manifest, a Compose file or Kubernetes YAML.</source>
        <translation>Ein Univrs-Manifest, eine Compose-Datei oder Kubernetes-YAML ablegen.</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>der Inhalt ist leer</translation>
    </message>
    <message>
        <source>Drop a file that describes a workload.</source>
        <translation>Eine Datei ablegen, die einen Workload beschreibt.</translation>
    </message>
    <message>
        <source>it is an address, and only files and text can be read</source>
        <translation>es ist eine Adresse, und nur Dateien und Text können gelesen werden</translation>
    </message>
    <message>
        <source>Download the file and drop it here.</source>
        <translation>Die Datei herunterladen und hier ablegen.</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>es ist ein Ordner</translation>
    </message>
    <message>
        <source>Drop the manifest files in it.</source>
        <translation>Die Manifestdateien darin ablegen.</translation>
    </message>
    <message>
        <source>there is no such file any more</source>
        <translation>diese Datei gibt es nicht mehr</translation>
    </message>
    <message>
        <source>Check its name and place.</source>
        <translation>Name und Ort prüfen.</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>es ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>it has %1; a manifest has at most %2</source>
        <translation>sie hat %1; ein Manifest hat höchstens %2</translation>
    </message>
    <message>
        <source>Is it a manifest? Image archives are known by their content: tar, tar.gz or tar.zst.</source>
        <translation>Ist es ein Manifest? Image-Archive werden am Inhalt erkannt: tar, tar.gz oder tar.zst.</translation>
    </message>
    <message>
        <source>Check that you may read it.</source>
        <translation>Prüfen, ob Leserechte vorhanden sind.</translation>
    </message>
    <message numerus="yes">
        <source>%n files were left out</source>
        <translation>
            <numerusform>%n Datei wurde ausgelassen</numerusform>
            <numerusform>%n Dateien wurden ausgelassen</numerusform>
        </translation>
    </message>
    <message>
        <source>at most %1 are read at once</source>
        <translation>höchstens %1 werden auf einmal gelesen</translation>
    </message>
    <message>
        <source>Drop the rest in a second step.</source>
        <translation>Den Rest in einem zweiten Schritt ablegen.</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Der Text</translation>
    </message>
    <message>
        <source>it is longer than 4 MiB</source>
        <translation>er ist länger als 4 MiB</translation>
    </message>
    <message>
        <source>Drop the file instead.</source>
        <translation>Stattdessen die Datei ablegen.</translation>
    </message>
</context>
<context>
    <name>ErrorState</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
</context>
<context>
    <name>EventsPane</name>
    <message>
        <source>1 event</source>
        <translation>1 Ereignis</translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n Ereignis</numerusform>
            <numerusform>%n Ereignisse</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the events</source>
        <translation>Ereignisse kopieren</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>%1 · %2 times</source>
        <translation>%1 · %2-mal</translation>
    </message>
    <message>
        <source>Older events</source>
        <translation>Ältere Ereignisse</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Noch ist nichts geschehen</translation>
    </message>
    <message>
        <source>The command that does the same: %1</source>
        <translation>Der Befehl, der dasselbe tut: %1</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>Not ready</source>
        <translation>Nicht bereit</translation>
    </message>
    <message>
        <source>Cordoned</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Not a worker</source>
        <translation>Kein Worker</translation>
    </message>
    <message>
        <source>Pinned elsewhere</source>
        <translation>Anderswo gebunden</translation>
    </message>
    <message>
        <source>Failed it just now</source>
        <translation>Eben dort gescheitert</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Operating system</source>
        <translation>Betriebssystem</translation>
    </message>
    <message>
        <source>Constraint</source>
        <translation>Bedingung</translation>
    </message>
    <message>
        <source>Taint</source>
        <translation>Taint</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Datenträger</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPUs</translation>
    </message>
    <message>
        <source>Special resource</source>
        <translation>Besondere Ressource</translation>
    </message>
    <message>
        <source>Port in use</source>
        <translation>Port belegt</translation>
    </message>
    <message>
        <source>Spread limit</source>
        <translation>Verteilungsgrenze</translation>
    </message>
</context>
<context>
    <name>FindingCard</name>
    <message>
        <source>line %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message>
        <source>Show the line</source>
        <translation>Zeile zeigen</translation>
    </message>
</context>
<context>
    <name>FirstDeploy</name>
    <message>
        <source>Drop a manifest, Compose file or Kubernetes YAML here, or paste an image name</source>
        <translation>Manifest, Compose-Datei oder Kubernetes-YAML hier ablegen oder einen Image-Namen einfügen</translation>
    </message>
    <message>
        <source>You see what will run where, and why, before anything happens.</source>
        <translation>Vorab ist zu sehen, was wo laufen wird und warum.</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>Datei öffnen</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Run containers on %1</source>
        <translation>Container auf %1 ausführen</translation>
    </message>
    <message>
        <source>Run containers on this computer, and on any others that join it</source>
        <translation>Container auf diesem Computer ausführen und auf allen, die sich anschließen</translation>
    </message>
    <message>
        <source>You say what should run. Univrs shows where it would and why, starts it when you agree, and keeps it running.</source>
        <translation>Festlegen, was laufen soll: Univrs zeigt, wo es das würde und warum, startet es nach Zustimmung und hält es am Laufen.</translation>
    </message>
    <message>
        <source>%1 is ready</source>
        <translation>%1 ist bereit</translation>
    </message>
    <message>
        <source>The container engine</source>
        <translation>Die Container-Engine</translation>
    </message>
    <message>
        <source>No container engine answers</source>
        <translation>Keine Container-Engine antwortet</translation>
    </message>
    <message>
        <source>Install Podman (sudo apt install podman) or start Docker (sudo systemctl start docker). Univrs finds it by itself.</source>
        <translation>Podman installieren (sudo apt install podman) oder Docker starten (sudo systemctl start docker). Univrs findet sie von selbst.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Drop a file</source>
        <translation>Datei ablegen</translation>
    </message>
    <message>
        <source>Univrs, Compose or Kubernetes YAML, anywhere in this window</source>
        <translation>Univrs, Compose oder Kubernetes-YAML, überall in diesem Fenster</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Try the example</source>
        <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>A small web server on port 8081, in one container</source>
        <translation>Ein kleiner Webserver auf Port 8081, in einem Container</translation>
    </message>
    <message>
        <source>Open example</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>Or name an image</source>
        <translation>Oder ein Image nennen</translation>
    </message>
    <message>
        <source>In a terminal</source>
        <translation>In einem Terminal</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>optional</source>
        <translation>optional</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Univrs gallery</source>
        <translation>Univrs-Galerie</translation>
    </message>
</context>
<context>
    <name>GalleryControls</name>
    <message>
        <source>Type</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Schaltflächen</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Felder</translation>
    </message>
    <message>
        <source>A menu, open</source>
        <translation>Ein Menü, geöffnet</translation>
    </message>
    <message>
        <source>Tabs, states, progress</source>
        <translation>Reiter, Zustände, Fortschritt</translation>
    </message>
</context>
<context>
    <name>GalleryIcons</name>
    <message>
        <source>Icons</source>
        <translation>Symbole</translation>
    </message>
    <message>
        <source>16 px grid, 1.6 stroke</source>
        <translation>16-px-Raster, Strich 1,6</translation>
    </message>
</context>
<context>
    <name>GalleryTable</name>
    <message>
        <source>%1 rows</source>
        <translation>%1 Zeilen</translation>
    </message>
    <message>
        <source>Workloads</source>
        <translation>Workloads</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>No node is in this state</source>
        <translation>Kein Knoten ist in diesem Zustand</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Controls</source>
        <translation>Bedienelemente</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>States</source>
        <translation>Zustände</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Forms</source>
        <translation>Formulare</translation>
    </message>
    <message>
        <source>Icons</source>
        <translation>Symbole</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>GossipInspector</name>
    <message>
        <source>Message of %1</source>
        <translation>Nachricht von %1</translation>
    </message>
    <message>
        <source>Show %1 in the peer graph</source>
        <translation>%1 im Peer-Graph zeigen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Verfasser</translation>
    </message>
    <message>
        <source>Came from</source>
        <translation>Kam von</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Message id</source>
        <translation>Nachrichten-ID</translation>
    </message>
    <message>
        <source>All topics</source>
        <translation>Alle Themen</translation>
    </message>
    <message>
        <source>Only this topic</source>
        <translation>Nur dieses Thema</translation>
    </message>
    <message>
        <source>All peers</source>
        <translation>Alle Peers</translation>
    </message>
    <message>
        <source>Only this author</source>
        <translation>Nur dieser Verfasser</translation>
    </message>
    <message>
        <source>The message&apos;s content</source>
        <translation>Inhalt der Nachricht</translation>
    </message>
    <message>
        <source>Decoded</source>
        <translation>Lesbar</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>Hex</translation>
    </message>
    <message>
        <source>Copy the content</source>
        <translation>Inhalt kopieren</translation>
    </message>
    <message>
        <source>It is empty</source>
        <translation>Sie ist leer</translation>
    </message>
    <message>
        <source>Neither text nor JSON: see Hex</source>
        <translation>Weder Text noch JSON: siehe Hex</translation>
    </message>
</context>
<context>
    <name>GossipLine</name>
    <message>
        <source>%1, %2 from %3, %4, %5</source>
        <translation>%1, %2 von %3, %4, %5</translation>
    </message>
    <message>
        <source>%1 via %2</source>
        <translation>%1 über %2</translation>
    </message>
</context>
<context>
    <name>GossipView</name>
    <message>
        <source>Gossip Log</source>
        <translation>Gossip-Protokoll</translation>
    </message>
    <message>
        <source>Nothing has passed since this was opened</source>
        <translation>Seit dem Öffnen kam nichts vorbei</translation>
    </message>
    <message>
        <source>%1 · %2 passed, the newest %3 are kept</source>
        <translation>%1 · %2 kamen vorbei, die neuesten %3 bleiben</translation>
    </message>
    <message>
        <source>Topic, peer, content</source>
        <translation>Thema, Peer, Inhalt</translation>
    </message>
    <message>
        <source>Search messages</source>
        <translation>Nachrichten suchen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnte</translation>
    </message>
    <message>
        <source>Show messages of all peers again</source>
        <translation>Wieder Nachrichten aller Peers zeigen</translation>
    </message>
    <message>
        <source>Of one peer ✕</source>
        <translation>Von einem Peer ✕</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Empty the log</source>
        <translation>Protokoll leeren</translation>
    </message>
    <message>
        <source>other topics</source>
        <translation>andere Themen</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>No message is like this</source>
        <translation>Keine Nachricht ist so</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Ans Ende</translation>
    </message>
    <message>
        <source>1 new message</source>
        <translation>1 neue Nachricht</translation>
    </message>
    <message numerus="yes">
        <source>%n new messages</source>
        <translation>
            <numerusform>%n neue Nachricht</numerusform>
            <numerusform>%n neue Nachrichten</numerusform>
        </translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Es wird gelauscht</translation>
    </message>
    <message>
        <source>Messages that pass this node appear here as they come. What passed before is not kept.</source>
        <translation>Nachrichten, die an diesem Knoten vorbeikommen, erscheinen hier sofort. Was früher vorbeikam, ist nicht aufgehoben.</translation>
    </message>
    <message>
        <source>Nodes tell each other news by gossip. This one has nobody to talk to yet: connect a node, then its messages appear here.</source>
        <translation>Knoten erzählen einander Neues durch Gossip. Dieser hat noch niemanden: Verbinden Sie einen Knoten, dann erscheinen hier seine Nachrichten.</translation>
    </message>
</context>
<context>
    <name>GraphLegend</name>
    <message>
        <source>Filled: connected to this node. Diamond and dashes: through a relay. Hollow: connected to others only. Wider lines carry more.</source>
        <translation>Gefüllt: mit diesem Knoten verbunden. Raute und gestrichelt: über ein Relay. Hohl: nur mit anderen verbunden. Breitere Linien tragen mehr.</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Relayed</source>
        <translation>Über Relay</translation>
    </message>
    <message>
        <source>Not connected here</source>
        <translation>Hier nicht verbunden</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Verkehr</translation>
    </message>
</context>
<context>
    <name>HappeningLine</name>
    <message>
        <source>%1 times</source>
        <translation>%1-mal</translation>
    </message>
</context>
<context>
    <name>HealthPanel</name>
    <message>
        <source>Health</source>
        <translation>Systemzustand</translation>
    </message>
    <message>
        <source>The same in a terminal: %1</source>
        <translation>Dasselbe in einem Terminal: %1</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
</context>
<context>
    <name>ImageField</name>
    <message>
        <source>Image, for example nginx:1.27-alpine</source>
        <translation>Image, zum Beispiel nginx:1.27-alpine</translation>
    </message>
    <message>
        <source>Show plan</source>
        <translation>Plan zeigen</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Details of %1</source>
        <translation>Details zu %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>One replica fewer</source>
        <translation>Ein Replikat weniger</translation>
    </message>
    <message>
        <source>One replica more</source>
        <translation>Ein Replikat mehr</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Stops and removes it; the next message can take it back</source>
        <translation>Stoppt und entfernt ihn; die nächste Meldung kann es rückgängig machen</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>Replicas of %1, %2 ready</source>
        <translation>Replikate von %1, %2 bereit</translation>
    </message>
    <message>
        <source>Image…</source>
        <translation>Image …</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>Zurückrollen</translation>
    </message>
    <message>
        <source>Back to how it was before the last change</source>
        <translation>Zurück auf den Stand vor der letzten Änderung</translation>
    </message>
    <message>
        <source>Copy CLI</source>
        <translation>CLI kopieren</translation>
    </message>
    <message>
        <source>Copy the command that does the same</source>
        <translation>Den Befehl kopieren, der dasselbe tut</translation>
    </message>
    <message>
        <source>New image, as nginx:1.27-alpine</source>
        <translation>Neues Image, etwa nginx:1.27-alpine</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>Keep the image</source>
        <translation>Image behalten</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation>Manifest</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>Konsole</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
</context>
<context>
    <name>InstanceRow</name>
    <message>
        <source>1 restart</source>
        <translation>1 Neustart</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>seit %1</translation>
    </message>
    <message numerus="yes">
        <source>%n restarts</source>
        <translation>
            <numerusform>%n Neustart</numerusform>
            <numerusform>%n Neustarts</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel: %1</source>
        <translation>Abbrechen: %1</translation>
    </message>
    <message>
        <source>Why here</source>
        <translation>Warum hier</translation>
    </message>
    <message>
        <source>The decision that put it there, node by node</source>
        <translation>Die Entscheidung für diesen Ort, Knoten für Knoten</translation>
    </message>
</context>
<context>
    <name>InstancesPane</name>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>%1 each</source>
        <translation>je %1</translation>
    </message>
    <message>
        <source>generation %1</source>
        <translation>Generation %1</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>None is wanted: scale up to start one</source>
        <translation>Keine gewünscht: zum Starten hochskalieren</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
</context>
<context>
    <name>LoadingState</name>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
</context>
<context>
    <name>LogPane</name>
    <message>
        <source>Instance whose log is shown</source>
        <translation>Instanz, deren Protokoll gezeigt wird</translation>
    </message>
    <message>
        <source>All instances</source>
        <translation>Alle Instanzen</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Copy the log</source>
        <translation>Protokoll kopieren</translation>
    </message>
    <message>
        <source>Log lines</source>
        <translation>Protokollzeilen</translation>
    </message>
    <message>
        <source>Nothing was written yet</source>
        <translation>Noch wurde nichts geschrieben</translation>
    </message>
    <message>
        <source>1 new line</source>
        <translation>1 neue Zeile</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>Umbrechen</translation>
    </message>
    <message>
        <source>Copy the chosen lines</source>
        <translation>Gewählte Zeilen kopieren</translation>
    </message>
    <message>
        <source>Save as a file</source>
        <translation>Als Datei speichern</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Load older lines</source>
        <translation>Ältere Zeilen laden</translation>
    </message>
    <message>
        <source>No line matches</source>
        <translation>Keine Zeile passt</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Zum Ende</translation>
    </message>
    <message numerus="yes">
        <source>%n new lines</source>
        <translation>
            <numerusform>%n neue Zeile</numerusform>
            <numerusform>%n neue Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy this line</source>
        <translation>Diese Zeile kopieren</translation>
    </message>
    <message>
        <source>Close the line</source>
        <translation>Zeile schließen</translation>
    </message>
    <message>
        <source>The command that does the same: %1</source>
        <translation>Der Befehl, der dasselbe tut: %1</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>LogSearch</name>
    <message>
        <source>Longer than %1 characters</source>
        <translation>Länger als %1 Zeichen</translation>
    </message>
    <message>
        <source>Not a regular expression: %1, at character %2</source>
        <translation>Kein regulärer Ausdruck: %1, bei Zeichen %2</translation>
    </message>
</context>
<context>
    <name>LogSearchBar</name>
    <message>
        <source>Find in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>not valid</source>
        <translation>ungültig</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1 …</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>%1 gefunden</translation>
    </message>
    <message>
        <source>Previous match (Shift+Enter)</source>
        <translation>Vorheriger Treffer (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Next match (Enter)</source>
        <translation>Nächster Treffer (Eingabe)</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>Groß-/Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Only</source>
        <translation>Nur</translation>
    </message>
    <message>
        <source>Show matching lines only</source>
        <translation>Nur passende Zeilen zeigen</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Univrs – %1</source>
        <translation>Univrs – %1</translation>
    </message>
    <message>
        <source>Univrs</source>
        <translation>Univrs</translation>
    </message>
    <message>
        <source>Connection lost: what you see may be old</source>
        <translation>Verbindung unterbrochen: das Gezeigte kann veraltet sein</translation>
    </message>
</context>
<context>
    <name>ManifestPane</name>
    <message>
        <source>It was changed meanwhile</source>
        <translation>Inzwischen wurde es geändert</translation>
    </message>
    <message>
        <source>edited, not applied</source>
        <translation>bearbeitet, nicht angewendet</translation>
    </message>
    <message>
        <source>edit here, the plan follows</source>
        <translation>hier bearbeiten, der Plan folgt</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>nur lesbar</translation>
    </message>
    <message>
        <source>Copy the manifest</source>
        <translation>Manifest kopieren</translation>
    </message>
    <message>
        <source>Manifest of %1</source>
        <translation>Manifest von %1</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Was sich ändert</translation>
    </message>
    <message>
        <source>%1: %2 becomes %3</source>
        <translation>%1: aus %2 wird %3</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>The command that does the same: %1</source>
        <translation>Der Befehl, der dasselbe tut: %1</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Applying</source>
        <translation>Wird angewendet</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
</context>
<context>
    <name>MarkedBar</name>
    <message>
        <source>1 workload chosen</source>
        <translation>1 Workload ausgewählt</translation>
    </message>
    <message numerus="yes">
        <source>%n workloads chosen</source>
        <translation>
            <numerusform>%n Workload ausgewählt</numerusform>
            <numerusform>%n Workloads ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Replikate</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Skalieren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Stops and removes them; the next message can take it back</source>
        <translation>Stoppt und entfernt sie; die nächste Meldung kann es rückgängig machen</translation>
    </message>
    <message>
        <source>Choose none (Esc)</source>
        <translation>Auswahl aufheben (Esc)</translation>
    </message>
</context>
<context>
    <name>NeedLine</name>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>NodeInspector</name>
    <message>
        <source>Details of %1</source>
        <translation>Details zu %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Copy the id</source>
        <translation>ID kopieren</translation>
    </message>
    <message>
        <source>Uncordon</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Cordon</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>It takes new instances again</source>
        <translation>Er nimmt wieder neue Instanzen auf</translation>
    </message>
    <message>
        <source>It takes no new instances; those it has go on</source>
        <translation>Er nimmt keine neuen Instanzen auf; vorhandene laufen weiter</translation>
    </message>
    <message>
        <source>Parts of the node</source>
        <translation>Bereiche des Knotens</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Taints</source>
        <translation>Taints</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Instances on this node</source>
        <translation>Instanzen auf diesem Knoten</translation>
    </message>
    <message>
        <source>%1 · %2 restarts</source>
        <translation>%1 · %2 Neustarts</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Nothing runs here</source>
        <translation>Hier läuft nichts</translation>
    </message>
    <message>
        <source>Events of this node</source>
        <translation>Ereignisse dieses Knotens</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Nothing of this node is on record</source>
        <translation>Zu diesem Knoten ist nichts aufgezeichnet</translation>
    </message>
</context>
<context>
    <name>NodeUsage</name>
    <message>
        <source>capacity</source>
        <translation>Kapazität</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Nothing was measured in the last hour</source>
        <translation>In der letzten Stunde wurde nichts gemessen</translation>
    </message>
    <message>
        <source>Usage over time is not known: %1</source>
        <translation>Der Verbrauch im Zeitverlauf ist nicht bekannt: %1</translation>
    </message>
    <message>
        <source>CPU used, last hour</source>
        <translation>Genutzte CPU, letzte Stunde</translation>
    </message>
    <message>
        <source>Memory used, last hour</source>
        <translation>Genutzter Speicher, letzte Stunde</translation>
    </message>
</context>
<context>
    <name>NodesView</name>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>%1 in the cluster · %2 ready · %3 cordoned · %4 not ready</source>
        <translation>%1 im Cluster · %2 bereit · %3 gesperrt · %4 nicht bereit</translation>
    </message>
    <message>
        <source>Name, label, runtime</source>
        <translation>Name, Label, Engine</translation>
    </message>
    <message>
        <source>Search nodes</source>
        <translation>Knoten suchen</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Ready %1</source>
        <translation>Bereit %1</translation>
    </message>
    <message>
        <source>Cordoned %1</source>
        <translation>Gesperrt %1</translation>
    </message>
    <message>
        <source>Needs you %1</source>
        <translation>Handlungsbedarf %1</translation>
    </message>
    <message>
        <source>No node is in this state</source>
        <translation>Kein Knoten ist in diesem Zustand</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>CPU reserved</source>
        <translation>CPU reserviert</translation>
    </message>
    <message>
        <source>Memory reserved</source>
        <translation>Speicher reserviert</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Laufzeit</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Arch</source>
        <translation>Arch.</translation>
    </message>
    <message>
        <source>Univrs</source>
        <translation>Univrs</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>Rollen</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>Cloud</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>No node has reported yet</source>
        <translation>Noch hat sich kein Knoten gemeldet</translation>
    </message>
    <message>
        <source>A node appears here as soon as it runs Univrs and reaches this cluster.</source>
        <translation>Ein Knoten erscheint hier, sobald auf ihm Univrs läuft und er diesen Cluster erreicht.</translation>
    </message>
</context>
<context>
    <name>NotificationPanel</name>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Handlungsbedarf</translation>
    </message>
    <message>
        <source>Clear what is solved</source>
        <translation>Gelöstes entfernen</translation>
    </message>
    <message>
        <source>Nothing needs you. Crash loops, updates that do not get on, images that cannot be fetched and nodes that are down are told here.</source>
        <translation>Kein Handlungsbedarf. Absturzschleifen, stockende Updates, nicht abrufbare Images und ausgefallene Knoten werden hier gemeldet.</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>solved</source>
        <translation>gelöst</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show: %1</source>
        <translation>Zeigen: %1</translation>
    </message>
</context>
<context>
    <name>NumberForm</name>
    <message>
        <source>Write a whole number from %1 to %2</source>
        <translation>Eine ganze Zahl von %1 bis %2 eingeben</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
</context>
<context>
    <name>OpenDialog</name>
    <message>
        <source>Open manifests</source>
        <translation>Manifeste öffnen</translation>
    </message>
    <message>
        <source>Manifests (*.yaml *.yml *.json)</source>
        <translation>Manifeste (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>OverviewView</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Handlungsbedarf</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>Workloads</source>
        <translation>Workloads</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>None is wanted</source>
        <translation>Keine gewünscht</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>No node has reported yet</source>
        <translation>Noch hat sich kein Knoten gemeldet</translation>
    </message>
    <message>
        <source>Resources</source>
        <translation>Ressourcen</translation>
    </message>
    <message>
        <source>of the nodes that are ready, reserved by instances</source>
        <translation>der bereiten Knoten, durch Instanzen reserviert</translation>
    </message>
    <message>
        <source>No node is ready: nothing can be placed</source>
        <translation>Kein Knoten ist bereit: nichts kann platziert werden</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Laufende Vorgänge</translation>
    </message>
    <message>
        <source>Recent events</source>
        <translation>Letzte Ereignisse</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Noch ist nichts geschehen</translation>
    </message>
    <message>
        <source>Not placed</source>
        <translation>Nicht platziert</translation>
    </message>
    <message>
        <source>the newest placements that found no node</source>
        <translation>die neuesten Platzierungen, die keinen Knoten fanden</translation>
    </message>
    <message>
        <source>Every placement on record found a node</source>
        <translation>Jede aufgezeichnete Platzierung fand einen Knoten</translation>
    </message>
    <message>
        <source>%1. Drop a manifest, a Compose file or Kubernetes YAML anywhere, or name an image: you see what will run where, and why, before anything happens.</source>
        <translation>%1. Manifest, Compose-Datei oder Kubernetes-YAML irgendwo ablegen oder ein Image nennen: Vorab ist zu sehen, was wo laufen wird und warum.</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Bereitstellen</translation>
    </message>
    <message>
        <source>Open a file</source>
        <translation>Datei öffnen</translation>
    </message>
</context>
<context>
    <name>PairsForm</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>%1, %2 of line %3</source>
        <translation>%1, %2 von Zeile %3</translation>
    </message>
    <message>
        <source>Remove line %1</source>
        <translation>Zeile %1 entfernen</translation>
    </message>
    <message>
        <source>Add a line</source>
        <translation>Zeile hinzufügen</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Restart %1</source>
        <translation>%1 neu starten</translation>
    </message>
    <message>
        <source>restart</source>
        <translation>neu starten,neustart</translation>
    </message>
    <message>
        <source>Scale %1 up by one</source>
        <translation>%1 um eins hochskalieren</translation>
    </message>
    <message>
        <source>scale up</source>
        <translation>hochskalieren</translation>
    </message>
    <message>
        <source>Scale %1 down by one</source>
        <translation>%1 um eins herunterskalieren</translation>
    </message>
    <message>
        <source>scale down</source>
        <translation>herunterskalieren</translation>
    </message>
    <message>
        <source>Scale %1 to %2</source>
        <translation>%1 auf %2 skalieren</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>Skalierung</translation>
    </message>
    <message>
        <source>Logs of %1</source>
        <translation>Protokolle von %1</translation>
    </message>
    <message>
        <source>logs,log</source>
        <translation>protokolle,protokoll</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>remove,delete</source>
        <translation>entfernen,löschen</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Deploy…</source>
        <translation>Bereitstellen …</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Datei öffnen …</translation>
    </message>
    <message>
        <source>Deploy what is on the clipboard</source>
        <translation>Inhalt der Zwischenablage bereitstellen</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Letzte Änderung rückgängig machen</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Fold or unfold the rail</source>
        <translation>Seitenleiste ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Switch to %1</source>
        <translation>Zu %1 wechseln</translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation>Mit einem anderen Knoten verbinden …</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Appearance: %1</source>
        <translation>Farbschema: %1</translation>
    </message>
    <message>
        <source>Quit Univrs</source>
        <translation>Univrs beenden</translation>
    </message>
    <message>
        <source>Charts of %1</source>
        <translation>Diagramme von %1</translation>
    </message>
    <message>
        <source>charts,usage</source>
        <translation>diagramme,verbrauch</translation>
    </message>
    <message>
        <source>Events of %1</source>
        <translation>Ereignisse von %1</translation>
    </message>
    <message>
        <source>events,history</source>
        <translation>ereignisse,verlauf</translation>
    </message>
    <message>
        <source>Manifest of %1</source>
        <translation>Manifest von %1</translation>
    </message>
    <message>
        <source>manifest,edit</source>
        <translation>manifest,bearbeiten</translation>
    </message>
    <message>
        <source>Console in %1</source>
        <translation>Konsole in %1</translation>
    </message>
    <message>
        <source>console,shell</source>
        <translation>konsole,shell</translation>
    </message>
</context>
<context>
    <name>Peer</name>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Relayed</source>
        <translation>Über Relay</translation>
    </message>
    <message>
        <source>Not connected here</source>
        <translation>Hier nicht verbunden</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
</context>
<context>
    <name>PeerInspector</name>
    <message>
        <source>Details of %1</source>
        <translation>Einzelheiten zu %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Copy the id</source>
        <translation>ID kopieren</translation>
    </message>
    <message>
        <source>Pinging</source>
        <translation>Ping läuft</translation>
    </message>
    <message>
        <source>Ping</source>
        <translation>Ping</translation>
    </message>
    <message>
        <source>Parts of the peer</source>
        <translation>Teile des Peers</translation>
    </message>
    <message>
        <source>Peer</source>
        <translation>Peer</translation>
    </message>
    <message>
        <source>Connected to</source>
        <translation>Verbunden mit</translation>
    </message>
    <message>
        <source>Protocols</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Addresses of this node</source>
        <translation>Adressen dieses Knotens</translation>
    </message>
    <message>
        <source>Addresses it may be reached at</source>
        <translation>Adressen, unter denen er erreichbar sein kann</translation>
    </message>
    <message>
        <source>Gossip topics</source>
        <translation>Gossip-Themen</translation>
    </message>
    <message>
        <source>Nobody reported a connection of it</source>
        <translation>Niemand meldete eine Verbindung von ihm</translation>
    </message>
    <message>
        <source>It has not told its protocols</source>
        <translation>Er hat seine Protokolle nicht genannt</translation>
    </message>
</context>
<context>
    <name>PeersTable</name>
    <message>
        <source>Peers</source>
        <translation>Peers</translation>
    </message>
    <message>
        <source>No peer is like this</source>
        <translation>Kein Peer ist so</translation>
    </message>
    <message>
        <source>Peer</source>
        <translation>Peer</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>Verkehr</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>Nachbarn</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Heard of</source>
        <translation>Zuletzt gehört</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
</context>
<context>
    <name>PeersView</name>
    <message>
        <source>Peer graph</source>
        <translation>Peer-Graph</translation>
    </message>
    <message>
        <source>Let go of the pinned peers</source>
        <translation>Angeheftete Peers loslassen</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Smaller (-)</source>
        <translation>Kleiner (-)</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Larger (+)</source>
        <translation>Größer (+)</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Show all (0)</source>
        <translation>Alles zeigen (0)</translation>
    </message>
    <message>
        <source>Peer Graph</source>
        <translation>Peer-Graph</translation>
    </message>
    <message>
        <source>No other node is connected</source>
        <translation>Kein anderer Knoten ist verbunden</translation>
    </message>
    <message>
        <source>%1 peers · %2 connected here · %3 connections · every line is one that somebody reported</source>
        <translation>%1 Peers · %2 hier verbunden · %3 Verbindungen · jede Linie hat jemand gemeldet</translation>
    </message>
    <message>
        <source>Name, id, program</source>
        <translation>Name, ID, Programm</translation>
    </message>
    <message>
        <source>Search peers</source>
        <translation>Peers suchen</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Connected %1</source>
        <translation>Verbunden %1</translation>
    </message>
    <message>
        <source>Relayed %1</source>
        <translation>Über Relay %1</translation>
    </message>
    <message>
        <source>Elsewhere %1</source>
        <translation>Anderswo %1</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Transport</translation>
    </message>
    <message>
        <source>Any transport</source>
        <translation>Jeder Transport</translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation>Gezeigt als</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Graph</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>This node stands alone</source>
        <translation>Dieser Knoten steht allein</translation>
    </message>
    <message>
        <source>Start a node elsewhere and name this one&apos;s address. Its connections appear here.</source>
        <translation>Starten Sie anderswo einen Knoten und nennen Sie ihm die Adresse von diesem. Seine Verbindungen erscheinen hier.</translation>
    </message>
    <message>
        <source>Start another node on this computer with the line below. To be reached from elsewhere, this one must listen on an address of the network.</source>
        <translation>Starten Sie mit der Zeile unten einen weiteren Knoten auf diesem Rechner. Um von anderswo erreichbar zu sein, muss dieser auf einer Adresse des Netzes lauschen.</translation>
    </message>
    <message>
        <source>Start a node on another machine with the line below. It and whom it knows appear here.</source>
        <translation>Starten Sie mit der Zeile unten einen Knoten auf einem anderen Rechner. Er und wen er kennt erscheinen hier.</translation>
    </message>
</context>
<context>
    <name>QuitSheet</name>
    <message>
        <source>Quit Univrs</source>
        <translation>Univrs beenden</translation>
    </message>
    <message>
        <source>Keep running and quit</source>
        <translation>Weiterlaufen lassen und beenden</translation>
    </message>
    <message>
        <source>Stop all and quit</source>
        <translation>Alle stoppen und beenden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
</context>
<context>
    <name>RailFace</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>RailFold</name>
    <message>
        <source>Unfold the rail</source>
        <translation>Seitenleiste ausklappen</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>Einklappen</translation>
    </message>
</context>
<context>
    <name>RailItem</name>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>RangePicker</name>
    <message>
        <source>Time shown</source>
        <translation>Gezeigter Zeitraum</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 min</translation>
    </message>
    <message>
        <source>5 minutes</source>
        <translation>5 Minuten</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 h</translation>
    </message>
    <message>
        <source>6 hours</source>
        <translation>6 Stunden</translation>
    </message>
    <message>
        <source>1 d</source>
        <translation>1 d</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 Tag</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 d</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 Tage</translation>
    </message>
    <message>
        <source>30 d</source>
        <translation>30 d</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 Tage</translation>
    </message>
</context>
<context>
    <name>RefusalBar</name>
    <message>
        <source>%1: %2 nodes refused</source>
        <translation>%1: von %2 Knoten abgelehnt</translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save the log</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>Logs (*.log *.txt)</source>
        <translation>Protokolle (*.log *.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>SchedulerView</name>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Nothing was placed yet</source>
        <translation>Noch wurde nichts platziert</translation>
    </message>
    <message>
        <source>the newest %1 decisions · %2 found no node</source>
        <translation>die neuesten %1 Entscheidungen · %2 fanden keinen Knoten</translation>
    </message>
    <message>
        <source>%1 decisions · %2 found no node</source>
        <translation>%1 Entscheidungen · %2 fanden keinen Knoten</translation>
    </message>
    <message>
        <source>Workload, instance, node, reason</source>
        <translation>Workload, Instanz, Knoten, Grund</translation>
    </message>
    <message>
        <source>Search decisions</source>
        <translation>Entscheidungen suchen</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Refused %1</source>
        <translation>Abgelehnt %1</translation>
    </message>
    <message>
        <source>Only one workload ✕</source>
        <translation>Nur ein Workload ✕</translation>
    </message>
    <message>
        <source>Show the decisions of all workloads</source>
        <translation>Die Entscheidungen zu allen Workloads zeigen</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>Every placement on record found a node</source>
        <translation>Jede aufgezeichnete Platzierung fand einen Knoten</translation>
    </message>
    <message>
        <source>No decision on record is of this kind</source>
        <translation>Keine aufgezeichnete Entscheidung ist von dieser Art</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Workload</source>
        <translation>Workload</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Passend</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instanz</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Because of</source>
        <translation>Anlass</translation>
    </message>
    <message>
        <source>Exact time</source>
        <translation>Genaue Zeit</translation>
    </message>
    <message>
        <source>Loading older ones</source>
        <translation>Ältere werden geladen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Load older ones</source>
        <translation>Ältere laden</translation>
    </message>
    <message>
        <source>Each placement appears here with every node&apos;s reason: which fitted and how well, which refused and with what numbers.</source>
        <translation>Jede Platzierung erscheint hier mit den Gründen aller Knoten: welche passten und wie gut, welche mit welchen Zahlen ablehnten.</translation>
    </message>
</context>
<context>
    <name>Score</name>
    <message>
        <source>Fullness</source>
        <translation>Füllgrad</translation>
    </message>
    <message>
        <source>Emptiness</source>
        <translation>Freiraum</translation>
    </message>
    <message>
        <source>Reputation</source>
        <translation>Reputation</translation>
    </message>
    <message>
        <source>Credit</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Headroom</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>Ausgewogenheit</translation>
    </message>
    <message>
        <source>Preference</source>
        <translation>Vorliebe</translation>
    </message>
    <message>
        <source>No soft taint</source>
        <translation>Kein weicher Taint</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
</context>
<context>
    <name>SettingsSheet</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>Einstellung suchen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>%1 vergessen</translation>
    </message>
    <message>
        <source>Connect to a node elsewhere…</source>
        <translation>Mit einem anderen Knoten verbinden …</translation>
    </message>
    <message>
        <source>No setting fits “%1”</source>
        <translation>Keine Einstellung passt zu „%1“</translation>
    </message>
</context>
<context>
    <name>ShareLegend</name>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source> … (line cut)</source>
        <translation> … (Zeile gekürzt)</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>Wird entfernt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>Gesund</translation>
    </message>
    <message>
        <source>Progressing</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Beeinträchtigt</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>Crash loop</source>
        <translation>Absturzschleife</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Zugewiesen</translation>
    </message>
    <message>
        <source>Pulling</source>
        <translation>Lädt Image</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Not ready</source>
        <translation>Nicht bereit</translation>
    </message>
    <message>
        <source>Unhealthy</source>
        <translation>Ungesund</translation>
    </message>
    <message>
        <source>Restarting</source>
        <translation>Startet neu</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird gestoppt</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>Erfolgreich</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>The node refused without a reason</source>
        <translation>Der Knoten lehnte ohne Grund ab</translation>
    </message>
    <message>
        <source>Cordoned</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Ausgefallen</translation>
    </message>
    <message>
        <source>Takes no new instances; those it has go on</source>
        <translation>Nimmt keine neuen Instanzen auf; vorhandene laufen weiter</translation>
    </message>
    <message>
        <source>reserved</source>
        <translation>reserviert</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Node %1</source>
        <translation>Knoten %1</translation>
    </message>
    <message>
        <source>1 pull under way</source>
        <translation>1 Image wird geladen</translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation>Revision %1</translation>
    </message>
    <message>
        <source>Univrs %1</source>
        <translation>Univrs %1</translation>
    </message>
    <message numerus="yes">
        <source>%n pulls under way</source>
        <translation>
            <numerusform>%n Image wird geladen</numerusform>
            <numerusform>%n Images werden geladen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TableHeading</name>
    <message>
        <source>Sorted, largest first</source>
        <translation>Sortiert, größte zuerst</translation>
    </message>
    <message>
        <source>Sorted, smallest first</source>
        <translation>Sortiert, kleinste zuerst</translation>
    </message>
    <message>
        <source>Sorts by this column</source>
        <translation>Sortiert nach dieser Spalte</translation>
    </message>
</context>
<context>
    <name>Theme</name>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
</context>
<context>
    <name>TimeChart</name>
    <message>
        <source>No values in this time</source>
        <translation>Keine Werte in dieser Zeit</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>TokenStore</name>
    <message>
        <source>the token was not read</source>
        <translation>das Token wurde nicht gelesen</translation>
    </message>
    <message>
        <source>there is no file %1</source>
        <translation>es gibt keine Datei %1</translation>
    </message>
    <message>
        <source>check the path</source>
        <translation>den Pfad prüfen</translation>
    </message>
    <message>
        <source>check who may read it</source>
        <translation>die Leserechte prüfen</translation>
    </message>
    <message>
        <source>%1 is empty</source>
        <translation>%1 ist leer</translation>
    </message>
    <message>
        <source>the node writes its token to DATA/api.token</source>
        <translation>der Knoten schreibt sein Token nach DATA/api.token</translation>
    </message>
    <message>
        <source>the token was not kept</source>
        <translation>das Token wurde nicht aufbewahrt</translation>
    </message>
    <message>
        <source>name a token file instead; it is read at each start</source>
        <translation>stattdessen eine Token-Datei angeben; sie wird bei jedem Start gelesen</translation>
    </message>
    <message>
        <source>its folder cannot be made</source>
        <translation>ihr Ordner kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>the desktop&apos;s keyring: %1</source>
        <translation>der Schlüsselbund des Desktops: %1</translation>
    </message>
    <message>
        <source>unlock the keyring and start again, or add the node again</source>
        <translation>den Schlüsselbund entsperren und neu starten oder den Knoten erneut hinzufügen</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Cluster: %1, %2</source>
        <translation>Cluster: %1, %2</translation>
    </message>
    <message>
        <source>Search, or run a command</source>
        <translation>Suchen oder einen Befehl ausführen</translation>
    </message>
    <message>
        <source>Control K</source>
        <translation>Steuerung K</translation>
    </message>
    <message>
        <source>Health: %1</source>
        <translation>Systemzustand: %1</translation>
    </message>
    <message>
        <source>Notifications, %1 unread</source>
        <translation>Benachrichtigungen, %1 ungelesen</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>Einstellungen (Strg+,)</translation>
    </message>
    <message>
        <source>Appearance: %1</source>
        <translation>Farbschema: %1</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Open manifests (Ctrl+O)</source>
        <translation>Manifeste öffnen (Strg+O)</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Bereitstellen</translation>
    </message>
    <message>
        <source>Write or paste a manifest (Ctrl+N)</source>
        <translation>Manifest schreiben oder einfügen (Strg+N)</translation>
    </message>
</context>
<context>
    <name>TopicChip</name>
    <message>
        <source>Topic %1, %2</source>
        <translation>Thema %1, %2</translation>
    </message>
</context>
<context>
    <name>View</name>
    <message>
        <source>Workloads</source>
        <translation>Workloads</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrierung</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Scheduler</translation>
    </message>
    <message>
        <source>Peer Graph</source>
        <translation>Peer-Graph</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Gossip Log</source>
        <translation>Gossip-Protokoll</translation>
    </message>
</context>
<context>
    <name>WorkloadMenu</name>
    <message numerus="yes">
        <source>What can be done with %n workloads</source>
        <translation>
            <numerusform>Was mit %n Workload getan werden kann</numerusform>
            <numerusform>Was mit %n Workloads getan werden kann</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restart %n workloads</source>
        <translation>
            <numerusform>%n Workload neu starten</numerusform>
            <numerusform>%n Workloads neu starten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n workloads</source>
        <translation>
            <numerusform>%n Workload entfernen</numerusform>
            <numerusform>%n Workloads entfernen</numerusform>
        </translation>
    </message>
    <message>
        <source>What can be done with %1</source>
        <translation>Was mit %1 getan werden kann</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>Konsole</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>Scale…</source>
        <translation>Skalieren …</translation>
    </message>
    <message>
        <source>Update image…</source>
        <translation>Image aktualisieren …</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>Zurückrollen</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message numerus="yes">
        <source>What can be done with %n workloads</source>
        <translation>
            <numerusform>Was mit %n Workload getan werden kann</numerusform>
            <numerusform>Was mit %n Workloads getan werden kann</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restart %n workloads</source>
        <translation>
            <numerusform>%n Workload neu starten</numerusform>
            <numerusform>%n Workloads neu starten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n workloads</source>
        <translation>
            <numerusform>%n Workload entfernen</numerusform>
            <numerusform>%n Workloads entfernen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WorkloadsView</name>
    <message>
        <source>Workloads</source>
        <translation>Workloads</translation>
    </message>
    <message>
        <source>Nothing is deployed yet</source>
        <translation>Noch ist nichts bereitgestellt</translation>
    </message>
    <message>
        <source>%1 desired · %2 healthy · %3 progressing · %4 degraded</source>
        <translation>%1 gewünscht · %2 gesund · %3 in Arbeit · %4 beeinträchtigt</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>Alle %1</translation>
    </message>
    <message>
        <source>Healthy %1</source>
        <translation>Gesund %1</translation>
    </message>
    <message>
        <source>Needs you %1</source>
        <translation>Handlungsbedarf %1</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>%1 gefunden</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>Neustarts</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>No workload is in this state</source>
        <translation>Kein Workload ist in diesem Zustand</translation>
    </message>
    <message>
        <source>Drop a manifest, Compose file or Kubernetes YAML anywhere</source>
        <translation>Manifest, Compose-Datei oder Kubernetes-YAML irgendwo ablegen</translation>
    </message>
    <message>
        <source>You see what will run where, and why, before anything happens</source>
        <translation>Vorab ist zu sehen, was wo laufen wird und warum</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Auf</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Name, label, image, node</source>
        <translation>Name, Label, Image, Knoten</translation>
    </message>
    <message>
        <source>Search workloads</source>
        <translation>Workloads suchen</translation>
    </message>
    <message>
        <source>CPU 1 h</source>
        <translation>CPU 1 h</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Eigentümer</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Actions</name>
    <message>
        <source>Nothing more was asked of the node</source>
        <translation>Vom Knoten wurde nichts weiter verlangt</translation>
    </message>
    <message>
        <source>Wait for them, or check the connection.</source>
        <translation>Auf sie warten oder die Verbindung prüfen.</translation>
    </message>
    <message>
        <source>Taken back: %1</source>
        <translation>Rückgängig gemacht: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n commands are still without an answer</source>
        <translation>
            <numerusform>%n Befehl ist noch ohne Antwort</numerusform>
            <numerusform>%n Befehle sind noch ohne Antwort</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n workloads restarted</source>
        <translation>
            <numerusform>%n Workload neu gestartet</numerusform>
            <numerusform>%n Workloads neu gestartet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n workloads scaled to 1 replica</source>
        <translation>
            <numerusform>%n Workload auf 1 Replikat skaliert</numerusform>
            <numerusform>%n Workloads auf 1 Replikat skaliert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n workloads scaled to %1 replicas</source>
        <translation>
            <numerusform>%n Workload auf %1 Replikate skaliert</numerusform>
            <numerusform>%n Workloads auf %1 Replikate skaliert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n workloads are being removed</source>
        <translation>
            <numerusform>%n Workload wird entfernt</numerusform>
            <numerusform>%n Workloads werden entfernt</numerusform>
        </translation>
    </message>
    <message>
        <source>Too many commands are still without an answer</source>
        <translation>Zu viele Befehle sind noch ohne Antwort</translation>
    </message>
    <message>
        <source>Try again when they are done.</source>
        <translation>Erneut versuchen, wenn sie erledigt sind.</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>%1; %2 refused</source>
        <translation>%1; %2 abgelehnt</translation>
    </message>
    <message>
        <source>Nothing was changed: %1 refused</source>
        <translation>Nichts wurde geändert: %1 abgelehnt</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Appearance</name>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
</context>
<context>
    <name>univrs::gui::ConnectionModel</name>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>Verbindung unterbrochen</translation>
    </message>
</context>
<context>
    <name>univrs::gui::ConsoleList</name>
    <message>
        <source>No more consoles can be open</source>
        <translation>Mehr Konsolen können nicht offen sein</translation>
    </message>
    <message>
        <source>%1 are open</source>
        <translation>%1 sind offen</translation>
    </message>
    <message>
        <source>Close one that is not needed any more.</source>
        <translation>Eine schließen, die nicht mehr gebraucht wird.</translation>
    </message>
    <message>
        <source>There is no instance to open a console in</source>
        <translation>Es gibt keine Instanz, in der eine Konsole geöffnet werden kann</translation>
    </message>
    <message>
        <source>none of this workload is there</source>
        <translation>von diesem Workload ist keine vorhanden</translation>
    </message>
    <message>
        <source>Scale it up, or wait until one runs.</source>
        <translation>Hochskalieren oder warten, bis eine läuft.</translation>
    </message>
</context>
<context>
    <name>univrs::gui::ConsoleSession</name>
    <message>
        <source>shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Ended with exit code %1</source>
        <translation>Mit Exit-Code %1 beendet</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht gestartet</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>Verbindung unterbrochen</translation>
    </message>
    <message>
        <source>Closed here</source>
        <translation>Hier geschlossen</translation>
    </message>
    <message>
        <source>its terminal was closed before it ended</source>
        <translation>sein Terminal wurde geschlossen, bevor es endete</translation>
    </message>
    <message>
        <source>[%1 of output left out here: it came faster than it can be shown]</source>
        <translation>[%1 der Ausgabe sind hier ausgelassen: sie kam schneller, als sie gezeigt werden kann]</translation>
    </message>
    <message>
        <source>The connection to the program was lost</source>
        <translation>Die Verbindung zum Programm ging verloren</translation>
    </message>
    <message>
        <source>What it had drawn is kept. Run it again when the node answers.</source>
        <translation>Das Gezeigte bleibt erhalten. Erneut ausführen, wenn der Knoten antwortet.</translation>
    </message>
    <message>
        <source>This container has no shell</source>
        <translation>Dieser Container hat keine Shell</translation>
    </message>
    <message>
        <source>neither bash nor sh is in its image</source>
        <translation>weder bash noch sh ist in seinem Image</translation>
    </message>
    <message>
        <source>Open a console with a command that is in the image.</source>
        <translation>Eine Konsole mit einem Befehl öffnen, der im Image ist.</translation>
    </message>
    <message>
        <source>The command is not complete</source>
        <translation>Der Befehl ist unvollständig</translation>
    </message>
    <message>
        <source>As in: sh -c &apos;ls -l /srv&apos;</source>
        <translation>Zum Beispiel: sh -c &apos;ls -l /srv&apos;</translation>
    </message>
    <message>
        <source>it is longer than %1 characters</source>
        <translation>er ist länger als %1 Zeichen</translation>
    </message>
    <message>
        <source>a backslash stands at its end</source>
        <translation>am Ende steht ein Backslash</translation>
    </message>
    <message>
        <source>a quote is not closed</source>
        <translation>ein Anführungszeichen ist nicht geschlossen</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DecisionDetails</name>
    <message numerus="yes">
        <source>Refused by %1 and %n more</source>
        <translation>
            <numerusform>Abgelehnt von %1 und %n weiteren</numerusform>
            <numerusform>Abgelehnt von %1 und %n weiteren</numerusform>
        </translation>
    </message>
    <message>
        <source>Refused by %1</source>
        <translation>Abgelehnt von %1</translation>
    </message>
    <message>
        <source>The reasons of %1 of %2 nodes are on record</source>
        <translation>Die Gründe von %1 von %2 Knoten sind aufgezeichnet</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DecisionListModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DeployForm</name>
    <message>
        <source>The form shows a text that is understood and describes one workload. Mend the text first.</source>
        <translation>Das Formular zeigt einen verständlichen Text, der einen einzigen Workload beschreibt. Zuerst den Text berichtigen.</translation>
    </message>
    <message>
        <source>“%1” is no port: write 8080:80, or 80</source>
        <translation>„%1“ ist kein Port: 8080:80 oder 80 schreiben</translation>
    </message>
    <message>
        <source>“%1” has no value: write KEY=VALUE</source>
        <translation>„%1“ hat keinen Wert: KEY=VALUE schreiben</translation>
    </message>
    <message>
        <source>write 0.5 or 500m</source>
        <translation>0.5 oder 500m schreiben</translation>
    </message>
    <message>
        <source>write 256Mi or 1G</source>
        <translation>256Mi oder 1G schreiben</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DeployProgress</name>
    <message numerus="yes">
        <source>%n workloads</source>
        <translation>
            <numerusform>%n Workload</numerusform>
            <numerusform>%n Workloads</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: healthy, %2 of %3 ready after %4</source>
        <translation>%1: gesund, %2 von %3 bereit nach %4</translation>
    </message>
    <message>
        <source>%1: %2 of %3 ready; it goes on in the list</source>
        <translation>%1: %2 von %3 bereit; weiter geht es in der Liste</translation>
    </message>
    <message>
        <source>%1: %2 of %3 ready</source>
        <translation>%1: %2 von %3 bereit</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DeploySession</name>
    <message>
        <source>%1 was left out</source>
        <translation>%1 wurde ausgelassen</translation>
    </message>
    <message>
        <source>the sheet is full</source>
        <translation>das Blatt ist voll</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Deploy %1</source>
        <translation>%1 bereitstellen</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Bereitstellen</translation>
    </message>
    <message>
        <source>1 workload</source>
        <translation>1 Workload</translation>
    </message>
    <message>
        <source>1 replica</source>
        <translation>1 Replikat</translation>
    </message>
    <message>
        <source>Deploying</source>
        <translation>Wird bereitgestellt</translation>
    </message>
    <message>
        <source>Nothing to change</source>
        <translation>Keine Änderung</translation>
    </message>
    <message>
        <source>Not connected: the plan follows once the node answers</source>
        <translation>Nicht verbunden: der Plan folgt, sobald der Knoten antwortet</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Der Text</translation>
    </message>
    <message>
        <source>%1 has errors</source>
        <translation>%1 hat Fehler</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Write or paste a manifest, or an image name</source>
        <translation>Ein Manifest oder einen Image-Namen schreiben oder einfügen</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>gewählt</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>%1 was not loaded</source>
        <translation>%1 wurde nicht geladen</translation>
    </message>
    <message>
        <source>the node is another computer, and an archive is read from the node&apos;s own disk</source>
        <translation>der Knoten ist ein anderer Computer, und ein Archiv wird vom Datenträger des Knotens gelesen</translation>
    </message>
    <message>
        <source>Push the image to a registry and deploy it by name, or load it on the node itself.</source>
        <translation>Das Image in eine Registry laden und per Name bereitstellen oder auf dem Knoten selbst laden.</translation>
    </message>
    <message>
        <source>%1 was loaded, but cannot be deployed</source>
        <translation>%1 wurde geladen, kann aber nicht bereitgestellt werden</translation>
    </message>
    <message>
        <source>its images have no name</source>
        <translation>seine Images haben keinen Namen</translation>
    </message>
    <message>
        <source>Save it with a name: docker save NAME:TAG.</source>
        <translation>Mit einem Namen speichern: docker save NAME:TAG.</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>%1 wird geladen</translation>
    </message>
    <message>
        <source>%1 is loaded</source>
        <translation>%1 ist geladen</translation>
    </message>
    <message numerus="yes">
        <source>%n manifests deployed</source>
        <translation>
            <numerusform>%n Manifest bereitgestellt</numerusform>
            <numerusform>%n Manifeste bereitgestellt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Deploy %n files</source>
        <translation>
            <numerusform>%n Datei bereitstellen</numerusform>
            <numerusform>%n Dateien bereitstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n workloads</source>
        <translation>
            <numerusform>%n Workload</numerusform>
            <numerusform>%n Workloads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n Replikat</numerusform>
            <numerusform>%n Replikate</numerusform>
        </translation>
    </message>
    <message>
        <source>Loading the image archive</source>
        <translation>Das Image-Archiv wird geladen</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Desk</name>
    <message>
        <source>this computer</source>
        <translation>dieser Computer</translation>
    </message>
    <message>
        <source>%1 was not added</source>
        <translation>%1 wurde nicht hinzugefügt</translation>
    </message>
    <message>
        <source>the window shows %1 nodes already</source>
        <translation>das Fenster zeigt bereits %1 Knoten</translation>
    </message>
    <message>
        <source>Remove one first.</source>
        <translation>Zuerst einen entfernen.</translation>
    </message>
    <message>
        <source>Connected to %1</source>
        <translation>Mit %1 verbunden</translation>
    </message>
    <message>
        <source>Connected to %1. Its token is in the desktop&apos;s keyring.</source>
        <translation>Mit %1 verbunden. Das Token liegt im Schlüsselbund des Desktops.</translation>
    </message>
    <message>
        <source>Connected to %1. No keyring answered: its token is in a file only you can read, in %2</source>
        <translation>Mit %1 verbunden. Kein Schlüsselbund antwortete: Das Token liegt in einer nur für das eigene Konto lesbaren Datei, in %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>univrs::gui::DesktopNotices</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>univrs::gui::EventListModel</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Gallery</name>
    <message>
        <source>The image could not be pulled</source>
        <translation>Das Image konnte nicht geladen werden</translation>
    </message>
    <message>
        <source>ghcr.io/acme/orders:1.9.3 asks for credentials and none are set</source>
        <translation>ghcr.io/acme/orders:1.9.3 verlangt Zugangsdaten, und keine sind hinterlegt</translation>
    </message>
    <message>
        <source>Add them with univrs registry login ghcr.io, then try again</source>
        <translation>Mit univrs registry login ghcr.io hinterlegen, dann erneut versuchen</translation>
    </message>
</context>
<context>
    <name>univrs::gui::GossipLog</name>
    <message>
        <source>sent here</source>
        <translation>hier gesendet</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>ignored</source>
        <translation>übergangen</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 messages/s</source>
        <translation>%1 Nachrichten/s</translation>
    </message>
    <message>
        <source>published by this node</source>
        <translation>von diesem Knoten veröffentlicht</translation>
    </message>
    <message>
        <source>The first %1 of %2 are kept</source>
        <translation>Die ersten %1 von %2 sind aufgehoben</translation>
    </message>
</context>
<context>
    <name>univrs::gui::HealthModel</name>
    <message>
        <source>Node not ready</source>
        <translation>Knoten nicht bereit</translation>
    </message>
    <message>
        <source>1 needs you</source>
        <translation>Handlungsbedarf: 1</translation>
    </message>
    <message>
        <source>Node degraded</source>
        <translation>Knoten beeinträchtigt</translation>
    </message>
    <message>
        <source>Progressing</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>Gesund</translation>
    </message>
    <message>
        <source>Nothing is deployed</source>
        <translation>Nichts ist bereitgestellt</translation>
    </message>
    <message>
        <source>%1 healthy · %2 progressing · %3 degraded</source>
        <translation>%1 gesund · %2 in Arbeit · %3 beeinträchtigt</translation>
    </message>
    <message numerus="yes">
        <source>%n need you</source>
        <translation>
            <numerusform>Handlungsbedarf: %n</numerusform>
            <numerusform>Handlungsbedarf: %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>univrs::gui::InstanceListModel</name>
    <message>
        <source>%1 on %2, restarts: %3</source>
        <translation>%1 auf %2, Neustarts: %3</translation>
    </message>
    <message>
        <source>killed: out of memory</source>
        <translation>beendet: Speicher erschöpft</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Exit-Code %1</translation>
    </message>
    <message>
        <source>1 restart</source>
        <translation>1 Neustart</translation>
    </message>
    <message numerus="yes">
        <source>%n restarts</source>
        <translation>
            <numerusform>%n Neustart</numerusform>
            <numerusform>%n Neustarts</numerusform>
        </translation>
    </message>
    <message>
        <source>restarts in %1</source>
        <translation>Neustart in %1</translation>
    </message>
    <message>
        <source>restarts now</source>
        <translation>startet jetzt neu</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Leaving</name>
    <message>
        <source>1 workload runs on this computer</source>
        <translation>1 Workload läuft auf diesem Computer</translation>
    </message>
    <message>
        <source>Univrs was started with --stop-workloads: they stop with it, and start again with it.</source>
        <translation>Univrs wurde mit --stop-workloads gestartet: Die Workloads stoppen mit ihm und starten wieder mit ihm.</translation>
    </message>
    <message>
        <source>Their containers can go on without Univrs, but nothing restarts or checks them, and their published ports do not answer, until Univrs starts again. Stopped ones start again with it, too.</source>
        <translation>Ihre Container können ohne Univrs weiterlaufen, doch nichts startet sie neu oder prüft sie, und ihre veröffentlichten Ports antworten nicht, bis Univrs wieder startet. Auch gestoppte starten wieder mit Univrs.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Quit (1 workload stops)…</source>
        <translation>Beenden (1 Workload stoppt) …</translation>
    </message>
    <message>
        <source>Quit (asks about 1 workload)…</source>
        <translation>Beenden (fragt nach 1 Workload) …</translation>
    </message>
    <message numerus="yes">
        <source>%n workloads run on this computer</source>
        <translation>
            <numerusform>%n Workload läuft auf diesem Computer</numerusform>
            <numerusform>%n Workloads laufen auf diesem Computer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Quit (%n workloads stop)…</source>
        <translation>
            <numerusform>Beenden (%n Workload stoppt) …</numerusform>
            <numerusform>Beenden (%n Workloads stoppen) …</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Quit (asks about %n workloads)…</source>
        <translation>
            <numerusform>Beenden (fragt nach %n Workload) …</numerusform>
            <numerusform>Beenden (fragt nach %n Workloads) …</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>univrs::gui::LogModel</name>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>following</source>
        <translation>folgt</translation>
    </message>
    <message>
        <source>The log was not saved as %1</source>
        <translation>Das Protokoll wurde nicht als %1 gespeichert</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>%1 lines, %2</source>
        <translation>%1 Zeilen, %2</translation>
    </message>
    <message>
        <source>This is the beginning of the log</source>
        <translation>Hier beginnt das Protokoll</translation>
    </message>
    <message>
        <source>The window holds as many lines as it can: %1</source>
        <translation>Mehr Zeilen fasst das Fenster nicht: %1</translation>
    </message>
    <message>
        <source>(%1 more lines: save the log to have them all)</source>
        <translation>(%1 weitere Zeilen: zum Erhalt aller das Protokoll speichern)</translation>
    </message>
    <message>
        <source>The log was not saved</source>
        <translation>Das Protokoll wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>%1 is not a file on this computer</source>
        <translation>%1 ist keine Datei auf diesem Computer</translation>
    </message>
    <message>
        <source>Choose a local file.</source>
        <translation>Eine lokale Datei wählen.</translation>
    </message>
</context>
<context>
    <name>univrs::gui::NodeDetails</name>
    <message>
        <source>%1 of %2 reserved, %3 free</source>
        <translation>%1 von %2 reserviert, %3 frei</translation>
    </message>
    <message>
        <source>%1 reserved, only %2 to give</source>
        <translation>%1 reserviert, nur %2 verfügbar</translation>
    </message>
    <message>
        <source> · %1 kept for the system</source>
        <translation> · %1 für das System zurückgehalten</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>Rollen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>Plattform</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>processes</source>
        <translation>Prozesse</translation>
    </message>
    <message>
        <source>Enforces</source>
        <translation>Erzwingt</translation>
    </message>
    <message>
        <source>no limits</source>
        <translation>keine Limits</translation>
    </message>
    <message>
        <source>limits of %1</source>
        <translation>Limits für %1</translation>
    </message>
    <message>
        <source>Univrs</source>
        <translation>Univrs</translation>
    </message>
    <message>
        <source>Up since</source>
        <translation>Läuft seit</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Datenträger</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPUs</translation>
    </message>
</context>
<context>
    <name>univrs::gui::NodeForm</name>
    <message>
        <source>http to another machine: the token can be read on the way. Use https, or a tunnel.</source>
        <translation>http zu einem anderen Rechner: Das Token kann unterwegs gelesen werden. https oder einen Tunnel verwenden.</translation>
    </message>
    <message>
        <source>Any certificate is accepted: whoever sits between can read the token.</source>
        <translation>Jedes Zertifikat wird angenommen: Wer dazwischensitzt, kann das Token lesen.</translation>
    </message>
    <message>
        <source>The node was not added</source>
        <translation>Der Knoten wurde nicht hinzugefügt</translation>
    </message>
    <message>
        <source>“%1” is no address of a node</source>
        <translation>„%1“ ist keine Adresse eines Knotens</translation>
    </message>
    <message>
        <source>Write it as https://host:8080.</source>
        <translation>In der Form https://host:8080 schreiben.</translation>
    </message>
    <message>
        <source>%1 is already there</source>
        <translation>%1 ist bereits vorhanden</translation>
    </message>
    <message>
        <source>Choose it in the list.</source>
        <translation>In der Liste auswählen.</translation>
    </message>
</context>
<context>
    <name>univrs::gui::NodeListModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Notifications</name>
    <message>
        <source>%1 keeps crashing</source>
        <translation>%1 stürzt immer wieder ab</translation>
    </message>
    <message>
        <source>Read its log, then correct it, or take the last change back: univrs undo %1</source>
        <translation>Das Protokoll lesen, dann korrigieren oder die letzte Änderung zurücknehmen: univrs undo %1</translation>
    </message>
    <message>
        <source>The update of %1 does not get on</source>
        <translation>Das Update von %1 kommt nicht voran</translation>
    </message>
    <message>
        <source>%1 of %2 instances are new</source>
        <translation>%1 von %2 Instanzen sind neu</translation>
    </message>
    <message>
        <source>Read the log of a new instance, or take the change back: univrs undo %1</source>
        <translation>Das Protokoll einer neuen Instanz lesen oder die Änderung zurücknehmen: univrs undo %1</translation>
    </message>
    <message>
        <source>%1 is down</source>
        <translation>%1 ist ausgefallen</translation>
    </message>
    <message>
        <source>%1 is not ready</source>
        <translation>%1 ist nicht bereit</translation>
    </message>
    <message>
        <source>It does not answer</source>
        <translation>Er antwortet nicht</translation>
    </message>
    <message>
        <source>Look whether the machine and its network are up; its workloads go elsewhere where they can</source>
        <translation>Prüfen, ob der Rechner und sein Netzwerk laufen; seine Workloads ziehen um, soweit möglich</translation>
    </message>
    <message>
        <source>Start its container engine; what runs goes on</source>
        <translation>Seine Container-Engine starten; was läuft, läuft weiter</translation>
    </message>
    <message>
        <source>The image of %1 cannot be fetched</source>
        <translation>Das Image von %1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>Check the image&apos;s name and tag, that the registry lets you in, and the connection; it is tried again by itself</source>
        <translation>Name und Tag des Images, den Zugang zur Registry und die Verbindung prüfen; der Abruf wird von selbst wiederholt</translation>
    </message>
    <message>
        <source>A port of %1 is not published</source>
        <translation>Ein Port von %1 ist nicht veröffentlicht</translation>
    </message>
    <message>
        <source>End the program that has the port, or deploy with another one</source>
        <translation>Das Programm beenden, das den Port belegt, oder mit einem anderen bereitstellen</translation>
    </message>
    <message>
        <source>More needs you</source>
        <translation>Weiterer Handlungsbedarf</translation>
    </message>
    <message>
        <source>Open Univrs to see all of it</source>
        <translation>Univrs öffnen, um alles zu sehen</translation>
    </message>
    <message>
        <source>%1
%2
%3
on %4, %5</source>
        <translation>%1
%2
%3
auf %4, %5</translation>
    </message>
    <message numerus="yes">
        <source>Restarted %n times</source>
        <translation>
            <numerusform>%n-mal neu gestartet</numerusform>
            <numerusform>%n-mal neu gestartet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>univrs::gui::OperationsModel</name>
    <message>
        <source>pulling %1</source>
        <translation>lädt %1 aus der Registry</translation>
    </message>
    <message>
        <source>%1 · %2 of %3</source>
        <translation>%1 · %2 von %3</translation>
    </message>
    <message>
        <source>loading %1</source>
        <translation>lädt %1</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Overview</name>
    <message>
        <source>%1 of %2 reserved, %3 free</source>
        <translation>%1 von %2 reserviert, %3 frei</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>gesund</translation>
    </message>
    <message>
        <source>progressing</source>
        <translation>in Arbeit</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>beeinträchtigt</translation>
    </message>
    <message>
        <source>running</source>
        <translation>laufend</translation>
    </message>
    <message>
        <source>on the way</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>unhealthy</source>
        <translation>ungesund</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>cordoned</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>not ready</source>
        <translation>nicht bereit</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Beeinträchtigt</translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 workloads</source>
        <translation>
            <numerusform>%n von %1 Workloads</numerusform>
            <numerusform>%n von %1 Workloads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 nodes</source>
        <translation>
            <numerusform>%n von %1 Knoten</numerusform>
            <numerusform>%n von %1 Knoten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 needs you</source>
        <translation>Handlungsbedarf bei %1</translation>
    </message>
    <message>
        <source>%1 need you</source>
        <translation>Handlungsbedarf bei %1</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>Progressing</source>
        <translation>In Arbeit</translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 workloads are changing; nothing needs you</source>
        <translation>
            <numerusform>%n von %1 Workloads ändert sich; kein Handlungsbedarf</numerusform>
            <numerusform>%n von %1 Workloads ändern sich; kein Handlungsbedarf</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing deployed yet</source>
        <translation>Noch nichts bereitgestellt</translation>
    </message>
    <message>
        <source>1 node is ready for work</source>
        <translation>1 Knoten ist einsatzbereit</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are ready for work</source>
        <translation>
            <numerusform>%n Knoten ist einsatzbereit</numerusform>
            <numerusform>%n Knoten sind einsatzbereit</numerusform>
        </translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>Gesund</translation>
    </message>
    <message>
        <source>The one workload runs as wished</source>
        <translation>Der eine Workload läuft wie gewünscht</translation>
    </message>
    <message numerus="yes">
        <source>All %n workloads run as wished</source>
        <translation>
            <numerusform>%n Workload läuft wie gewünscht</numerusform>
            <numerusform>Alle %n Workloads laufen wie gewünscht</numerusform>
        </translation>
    </message>
    <message>
        <source>Workload</source>
        <translation>Workload</translation>
    </message>
    <message>
        <source>%1 of %2 ready</source>
        <translation>%1 von %2 bereit</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>See which nodes refused it, then make room, add a node or ask for less.</source>
        <translation>Nachsehen, welche Knoten ablehnten, dann Platz schaffen, einen Knoten hinzufügen oder weniger anfordern.</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Raise its memory limit, or make it use less.</source>
        <translation>Das Speicherlimit erhöhen oder den Verbrauch senken.</translation>
    </message>
    <message>
        <source>Read the last lines of its log, then update or undo it.</source>
        <translation>Die letzten Zeilen des Protokolls lesen, dann aktualisieren oder zurücknehmen.</translation>
    </message>
    <message>
        <source>Look at its instances and events.</source>
        <translation>Instanzen und Ereignisse ansehen.</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Its container engine or Univrs itself has trouble: look at its events.</source>
        <translation>Die Container-Engine oder Univrs selbst hat Schwierigkeiten: die Ereignisse ansehen.</translation>
    </message>
    <message>
        <source>Check that the machine is on, reachable, and runs Univrs.</source>
        <translation>Prüfen, ob der Rechner eingeschaltet und erreichbar ist und Univrs läuft.</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
</context>
<context>
    <name>univrs::gui::PaletteModel</name>
    <message>
        <source>Workload</source>
        <translation>Workload</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>instance of %1</source>
        <translation>Instanz von %1</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instanz</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Deploy %1</source>
        <translation>%1 bereitstellen</translation>
    </message>
    <message>
        <source>shows the plan first</source>
        <translation>zeigt zuerst den Plan</translation>
    </message>
    <message>
        <source>Deploy what you typed</source>
        <translation>Eingabe bereitstellen</translation>
    </message>
    <message>
        <source>to</source>
        <comment>as in: scale web to 3</comment>
        <translation>auf</translation>
    </message>
</context>
<context>
    <name>univrs::gui::PeerDetails</name>
    <message>
        <source>This node</source>
        <translation>Dieser Knoten</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Peers</source>
        <translation>Peers</translation>
    </message>
    <message>
        <source>%1 connected, %2 known</source>
        <translation>%1 verbunden, %2 bekannt</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>%1 in, %2 out</source>
        <translation>%1 ein, %2 aus</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>%1 received, %2 published</source>
        <translation>%1 empfangen, %2 veröffentlicht</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>über ein Relay</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>direkt</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>none from this node; others reach it</source>
        <translation>keiner von diesem Knoten; andere erreichen ihn</translation>
    </message>
    <message>
        <source>none from this node; others name it</source>
        <translation>keiner von diesem Knoten; andere nennen ihn</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Heard of</source>
        <translation>Zuletzt gehört</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>it called us</source>
        <translation>er rief uns</translation>
    </message>
    <message>
        <source>we called it</source>
        <translation>wir riefen ihn</translation>
    </message>
    <message numerus="yes">
        <source>%n streams</source>
        <translation>
            <numerusform>%n Strom</numerusform>
            <numerusform>%n Ströme</numerusform>
        </translation>
    </message>
    <message>
        <source>relayed</source>
        <translation>über Relay</translation>
    </message>
    <message>
        <source>this node</source>
        <translation>dieser Knoten</translation>
    </message>
    <message>
        <source>answered after %1</source>
        <translation>antwortete nach %1</translation>
    </message>
</context>
<context>
    <name>univrs::gui::PeerGraph</name>
    <message numerus="yes">
        <source>%n peers</source>
        <translation>
            <numerusform>%n Peer</numerusform>
            <numerusform>%n Peers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connections</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>this node</source>
        <translation>dieser Knoten</translation>
    </message>
</context>
<context>
    <name>univrs::gui::PeerListModel</name>
    <message>
        <source>through others</source>
        <translation>über andere</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>über ein Relay</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>direkt</translation>
    </message>
</context>
<context>
    <name>univrs::gui::RecentEvents</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Session</name>
    <message>
        <source>Nothing was pasted</source>
        <translation>Nichts wurde eingefügt</translation>
    </message>
    <message>
        <source>the clipboard holds neither text nor files</source>
        <translation>die Zwischenablage enthält weder Text noch Dateien</translation>
    </message>
    <message>
        <source>Copy a manifest or an image name first.</source>
        <translation>Zuerst ein Manifest oder einen Image-Namen kopieren.</translation>
    </message>
    <message numerus="yes">
        <source>%n lines saved as %1</source>
        <translation>
            <numerusform>%n Zeile als %1 gespeichert</numerusform>
            <numerusform>%n Zeilen als %1 gespeichert</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>univrs::gui::Settings</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Where I left</source>
        <translation>Zuletzt gezeigt</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Behaviour</source>
        <translation>Verhalten</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Light, dark, or as the desktop has it</source>
        <translation>Hell, dunkel oder wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>theme colours</source>
        <translation>Thema Farben</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Compact rows show more at once</source>
        <translation>Kompakte Zeilen zeigen mehr auf einmal</translation>
    </message>
    <message>
        <source>Comfortable</source>
        <translation>Bequem</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>Kompakt</translation>
    </message>
    <message>
        <source>density size</source>
        <translation>Dichte Größe</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Bewegung verringern</translation>
    </message>
    <message>
        <source>Nothing slides or fades</source>
        <translation>Nichts gleitet oder blendet</translation>
    </message>
    <message>
        <source>animation</source>
        <translation>Animation</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>From the next start on</source>
        <translation>Gilt ab dem nächsten Start</translation>
    </message>
    <message>
        <source>translation</source>
        <translation>Übersetzung</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>What the window shows when it opens</source>
        <translation>Was das Fenster beim Öffnen zeigt</translation>
    </message>
    <message>
        <source>start view</source>
        <translation>Startansicht</translation>
    </message>
    <message>
        <source>Keep running in the tray</source>
        <translation>Im Infobereich weiterlaufen</translation>
    </message>
    <message>
        <source>Closing the window leaves Univrs in the tray, where there is one</source>
        <translation>Beim Schließen des Fensters bleibt Univrs im Infobereich, falls es einen gibt</translation>
    </message>
    <message>
        <source>close quit background</source>
        <translation>schließen beenden Hintergrund</translation>
    </message>
    <message>
        <source>Desktop notifications</source>
        <translation>Desktop-Benachrichtigungen</translation>
    </message>
    <message>
        <source>While the window is not in front; the bell has them in any case</source>
        <translation>Solange das Fenster nicht im Vordergrund ist; die Glocke sammelt sie immer</translation>
    </message>
    <message>
        <source>popups</source>
        <translation>Popups</translation>
    </message>
    <message>
        <source>Crash loops</source>
        <translation>Absturzschleifen</translation>
    </message>
    <message>
        <source>A workload ends again and again</source>
        <translation>Ein Workload endet immer wieder</translation>
    </message>
    <message>
        <source>Updates that do not get on</source>
        <translation>Stockende Updates</translation>
    </message>
    <message>
        <source>New instances do not become ready</source>
        <translation>Neue Instanzen werden nicht bereit</translation>
    </message>
    <message>
        <source>rollout</source>
        <translation>Rollout</translation>
    </message>
    <message>
        <source>Images that cannot be fetched</source>
        <translation>Nicht abrufbare Images</translation>
    </message>
    <message>
        <source>Denied, not found, no connection</source>
        <translation>Abgelehnt, nicht gefunden, keine Verbindung</translation>
    </message>
    <message>
        <source>pull registry</source>
        <translation>Abruf Registry</translation>
    </message>
    <message>
        <source>Ports that cannot be published</source>
        <translation>Nicht veröffentlichbare Ports</translation>
    </message>
    <message>
        <source>Usually another program has them</source>
        <translation>Meist belegt sie ein anderes Programm</translation>
    </message>
    <message>
        <source>Nodes that are down</source>
        <translation>Ausgefallene Knoten</translation>
    </message>
    <message>
        <source>Or whose container engine does not answer</source>
        <translation>Oder solche, deren Container-Engine nicht antwortet</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Surroundings</name>
    <message>
        <source>Univrs goes on in the tray</source>
        <translation>Univrs läuft im Infobereich weiter</translation>
    </message>
    <message>
        <source>Click its icon for the window; Quit is in its menu.</source>
        <translation>Ein Klick auf das Symbol öffnet das Fenster; „Beenden“ ist in seinem Menü.</translation>
    </message>
</context>
<context>
    <name>univrs::gui::TerminalView</name>
    <message>
        <source>Nothing was pasted: the text is longer than %1 KiB. Put it in a file and mount or copy that.</source>
        <translation>Nichts wurde eingefügt: Der Text ist länger als %1 KiB. In eine Datei schreiben und diese einhängen oder kopieren.</translation>
    </message>
</context>
<context>
    <name>univrs::gui::TimeChartItem</name>
    <message>
        <source>%1: no values</source>
        <translation>%1: keine Werte</translation>
    </message>
    <message>
        <source>%1: now %2, between %3 and %4</source>
        <translation>%1: jetzt %2, zwischen %3 und %4</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>Limit %1</translation>
    </message>
</context>
<context>
    <name>univrs::gui::Tray</name>
    <message>
        <source>Show window</source>
        <translation>Fenster zeigen</translation>
    </message>
    <message>
        <source>Deploy a file…</source>
        <translation>Datei bereitstellen …</translation>
    </message>
    <message>
        <source>Paste and deploy</source>
        <translation>Einfügen und bereitstellen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Univrs: %1</source>
        <translation>Univrs: %1</translation>
    </message>
</context>
<context>
    <name>univrs::gui::VerdictListModel</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>Gewählt</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>Passt</translation>
    </message>
    <message>
        <source>%1 %2 × %3 (no data)</source>
        <translation>%1 %2 × %3 (keine Daten)</translation>
    </message>
    <message>
        <source>%1 %2 × %3</source>
        <translation>%1 %2 × %3</translation>
    </message>
</context>
<context>
    <name>univrs::gui::WorkloadDetails</name>
    <message>
        <source>%1 CPU</source>
        <translation>%1 CPU</translation>
    </message>
    <message>
        <source>%1/%2, not published</source>
        <translation>%1/%2, nicht veröffentlicht</translation>
    </message>
    <message>
        <source>Rolling out generation %1</source>
        <translation>Rollout von Generation %1</translation>
    </message>
    <message>
        <source>Rolling to %1</source>
        <translation>Rollout auf %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>univrs::gui::WorkloadManifest</name>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>The manifest is too long</source>
        <translation>Das Manifest ist zu lang</translation>
    </message>
    <message>
        <source>more than %1 characters</source>
        <translation>mehr als %1 Zeichen</translation>
    </message>
    <message>
        <source>Deploy it as a file.</source>
        <translation>Als Datei bereitstellen.</translation>
    </message>
    <message>
        <source>This changes %1 only</source>
        <translation>Hier lässt sich nur %1 ändern</translation>
    </message>
    <message>
        <source>the text describes %1 workloads</source>
        <translation>der Text beschreibt %1 Workloads</translation>
    </message>
    <message>
        <source>a workload cannot be renamed</source>
        <translation>ein Workload kann nicht umbenannt werden</translation>
    </message>
    <message>
        <source>Deploy other workloads with Deploy.</source>
        <translation>Andere Workloads über „Bereitstellen“ bereitstellen.</translation>
    </message>
    <message>
        <source>Nothing is changed</source>
        <translation>Nichts ist geändert</translation>
    </message>
    <message>
        <source>Applying</source>
        <translation>Wird angewendet</translation>
    </message>
    <message>
        <source>It was changed meanwhile: discard your edit to see how it is now</source>
        <translation>Es wurde inzwischen geändert: eigene Änderung verwerfen, um den jetzigen Stand zu sehen</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>This means the same as what is stored</source>
        <translation>Das bedeutet dasselbe wie das Gespeicherte</translation>
    </message>
</context>
</TS>
