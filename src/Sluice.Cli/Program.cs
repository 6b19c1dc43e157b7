using System.CommandLine;
using Sluice.Cli.Demo;
using Sluice.Cli.Sandboxes;
using Sluice.Cli.Serving;
using Sluice.Cli.Setup;

// These read their own flags: the server's one table of settings knows them, with environment and sluice.json behind it.
switch (args)
{
    case ["serve", .. var flags]: return await ServeCommand.RunAsync(flags);
    case ["vault", "rotate", .. var flags]: return await OperatorCommands.RotateVaultAsync(flags);
    case ["aws", "trust", .. var flags]: return await OperatorCommands.PrintAwsTrustAsync(flags);
}

var root = new RootCommand("Sluice: register a data platform once, say in policies who may see what, and let the platform enforce it.")
{
    new Command("serve", "Run the server. 'sluice serve --help' lists every setting."),
    DemoCommand.Create(),
    new Command("sandbox", "Run a stand-in for a platform.") { AwsSandboxCommand.Create() },
    new Command("aws", "What to put into AWS.")
    {
        AwsPolicyCommand.Create(),
        new Command("trust", "Print the trust policy of a role that this server shall assume. Takes the settings of 'serve'."),
    },
    new Command("vault", "Keep the keys of stored secrets. Takes the settings of 'serve'.")
    {
        new Command("rotate", "Wrap every data key anew; the server may run meanwhile."),
    },
};
// Ctrl+C and SIGTERM let a command clean up after itself.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
