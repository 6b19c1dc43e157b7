using System.CommandLine;
using Sluice.Cli;
using Sluice.Cli.Auditing;
using Sluice.Cli.Connections;
using Sluice.Cli.Demo;
using Sluice.Cli.Governing;
using Sluice.Cli.People;
using Sluice.Cli.Sandboxes;
using Sluice.Cli.Serving;
using Sluice.Cli.Setup;
using Spectre.Console;

// Redirected output has no width to fit: what is searched in a file stays on its line.
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 10_000;

// These read their own flags: the server's one table of settings knows them, with environment and sluice.json behind it.
switch (args)
{
    case ["serve", .. var flags]: return await ServeCommand.RunAsync(flags);
    case ["vault", "rotate", .. var flags]: return await OperatorCommands.RotateVaultAsync(flags);
    case ["audit", "verify", .. var flags]: return await AuditCommands.VerifyAsync(flags);
    case ["audit", "export", .. var flags]: return await AuditCommands.ExportAsync(flags);
    case ["backup", .. var rest]: return await BackupCommand.RunAsync(rest);
    case ["aws", "trust", .. var flags]: return await OperatorCommands.PrintAwsTrustAsync(flags);
}

var root = new RootCommand("Sluice: register a data platform once, say in policies who may see what, and let the platform enforce it.")
{
    new Command("serve", "Run the server. 'sluice serve --help' lists every setting."),
    DemoCommand.Create(),
    new Command("sandbox", "Run a stand-in for a platform.") { AwsSandboxCommand.Create(), DatabricksSandboxCommand.Create(), SnowflakeSandboxCommand.Create() },
    new Command("backup", $"{BackupCommand.Description} Takes the settings of 'serve'."),
    ConnectionCommand.Create(),
    PeopleCommand.Create(),
    PolicyCommand.Create(),
    AccessCommands.CreateExplain(),
    AccessCommands.CreateWho(),
    AccessCommands.CreateWhat(),
    AccessCommands.CreateSimulate(),
    ActivateCommand.CreateActivate(),
    ActivateCommand.CreateDeactivate(),
    PlanCommand.CreatePlan(),
    PlanCommand.CreateApply(),
    RestoreCommand.Create(),
    AdoptCommand.Create(),
    new Command("aws", "What to put into AWS.")
    {
        AwsPolicyCommand.Create(),
        new Command("trust", $"{OperatorCommands.AwsTrust} Takes the settings of 'serve'."),
    },
    new Command("vault", "Keep the keys of stored secrets. Takes the settings of 'serve'.")
    {
        new Command("rotate", OperatorCommands.VaultRotate),
    },
    new Command("audit", "Read the audit trail. verify and export take the settings of 'serve'.")
    {
        new Command("verify", AuditCommands.Verify),
        new Command("export", AuditCommands.Export),
        QueriesCommand.Create(),
    },
};
var parsed = root.Parse(args);
// A command that only holds others shows them with the error.
if (parsed.Errors.Count > 0 && parsed.CommandResult.Command.Subcommands.Count == 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"sluice: {error.Message}");
    return ExitCode.Usage;
}

// Ctrl+C and SIGTERM let a command clean up after itself.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
