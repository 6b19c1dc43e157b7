using System.Diagnostics;
using System.Text.Json;

namespace Sluice.Sandbox.Aws.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_clients_agree_with_the_sandbox()
    {
        if (!await IsInstalled("node") || !await IsInstalled("npm"))
        {
            Environment.GetEnvironmentVariable("CI").ShouldNotBe("true", "node and npm must be installed in CI");
            Assert.Skip("node and npm are not installed");
        }

        var source = SourceFolder();
        if (!Directory.Exists(Path.Combine(source, "node_modules", "@aws-sdk"))) (await Run(source, "npm", "ci", "--no-audit", "--no-fund")).ShouldBe(0);
        await using var sandbox = await AwsSandbox.StartAsync(new(), TestContext.Current.CancellationToken);

        var exitCode = await Run(source, "node", "drive.mjs", sandbox: JsonSerializer.Serialize(new
        {
            endpoint = sandbox.Endpoint.ToString(),
            region = sandbox.Region,
            account = sandbox.AccountId,
            service = Spell(sandbox.Credentials),
            administrator = Spell(sandbox.AdministratorCredentials),
            server = Spell(sandbox.ServerCredentials),
            roleArn = sandbox.RoleArn,
            externalId = sandbox.ExternalId,
        }));

        exitCode.ShouldBe(0);
    }

    private static object Spell(AwsSandboxCredentials credentials) =>
        new { accessKeyId = credentials.AccessKeyId, secretAccessKey = credentials.SecretAccessKey };

    /// <summary>The folder in the source tree, where node_modules stays from run to run.</summary>
    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Sluice.Sandbox.Aws.Tests", "VendorClient");
            if (File.Exists(Path.Combine(candidate, "package-lock.json"))) return candidate;
        }

        throw new DirectoryNotFoundException("The tests run outside their source tree.");
    }

    private static async Task<bool> IsInstalled(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            await process!.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task<int> Run(string folder, string program, params string[] arguments) => await Run(folder, program, arguments, sandbox: null);

    private Task<int> Run(string folder, string program, string argument, string sandbox) => Run(folder, program, [argument], sandbox);

    private async Task<int> Run(string folder, string program, string[] arguments, string? sandbox)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (sandbox is not null) start.Environment["SANDBOX"] = sandbox;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{program} {string.Join(' ', arguments)}\n{await text}\n{await errors}");
        return process.ExitCode;
    }
}
