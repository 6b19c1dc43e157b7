using System.Diagnostics;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_client_agrees_with_the_sandbox()
    {
        if (!await IsInstalled("node") || !await IsInstalled("npm"))
        {
            Environment.GetEnvironmentVariable("CI").ShouldNotBe("true", "node and npm must be installed in CI");
            Assert.Skip("node and npm are not installed");
        }

        var source = SourceFolder();
        if (!Directory.Exists(Path.Combine(source, "node_modules", "@databricks"))) (await Run(source, "npm", ["ci", "--no-audit", "--no-fund"])).ShouldBe(0);
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { Tls = true }, TestContext.Current.CancellationToken);
        var certificate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(certificate, sandbox.CertificatePem, TestContext.Current.CancellationToken);

        var exitCode = await Run(source, "node", ["drive.mjs"], ("NODE_EXTRA_CA_CERTS", certificate), ("SANDBOX", JsonSerializer.Serialize(new
        {
            endpoint = sandbox.Endpoint.ToString(),
            clientId = sandbox.ClientId,
            clientSecret = sandbox.ClientSecret,
            administratorToken = sandbox.AdministratorToken,
            engineerToken = sandbox.TokenOf(SandboxCast.Engineer),
            analystToken = sandbox.TokenOf(SandboxCast.Analyst),
            warehouseId = sandbox.WarehouseId,
            clusterId = sandbox.ClusterId,
            metastoreId = sandbox.MetastoreId,
        })));

        File.Delete(certificate);
        exitCode.ShouldBe(0);
    }

    /// <summary>The folder in the source tree, where node_modules stays from run to run.</summary>
    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Sluice.Sandbox.Databricks.Tests", "VendorClient");
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

    private async Task<int> Run(string folder, string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{program} {string.Join(' ', arguments)}\n{await text}\n{await errors}");
        return process.ExitCode;
    }
}
