using System.CommandLine;
using Sluice.Cli.Demo;
using Sluice.Cli.Sandboxes;
using Sluice.Cli.Serving;
using Sluice.Cli.Setup;

// 'serve' and 'vault' read their own flags: the server's one table of settings knows them, with environment and sluice.json behind it.
if (args is ["serve", .. var serveFlags]) return await ServeCommand.RunAsync(serveFlags);
if (args is ["vault", "rotate", .. var vaultFlags]) return await VaultRotateCommand.RunAsync(vaultFlags);

var root = new RootCommand("Sluice: register a data platform once, say in policies who may see what, and let the platform enforce it.")
{
    new Command("serve", "Run the server. 'sluice serve --help' lists every setting."),
    DemoCommand.Create(),
    new Command("sandbox", "Run a stand-in for a platform.") { AwsSandboxCommand.Create() },
    AwsSetupCommand.Create(),
    new Command("vault", "Keep the keys of stored secrets.") { new Command("rotate", "Wrap every data key anew, also while the server runs. Takes the settings of 'serve'.") },
};
return await root.Parse(args).InvokeAsync();
