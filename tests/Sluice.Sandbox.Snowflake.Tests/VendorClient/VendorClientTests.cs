using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Sandbox.Snowflake.Tests.VendorClient;

public sealed class VendorClientTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_vendors_own_driver_agrees_with_the_sandbox()
    {
        if (!await IsInstalled("node") || !await IsInstalled("npm"))
        {
            Environment.GetEnvironmentVariable("CI").ShouldNotBe("true", "node and npm must be installed in CI");
            Assert.Skip("node and npm are not installed");
        }

        var source = SourceFolder();
        if (!Directory.Exists(Path.Combine(source, "node_modules", "snowflake-sdk"))) (await Run(source, "npm", "ci", "--no-audit", "--no-fund")).ShouldBe(0);
        await using var sandbox = await SnowflakeSandbox.StartAsync(
            new() { AsyncAfter = TimeSpan.Zero, InlineBytes = 50_000, ChunkBytes = 200_000, OAuthClients = [new("driver", SnowflakeSandbox.ServiceName) { Secret = "secret" }] },
            TestContext.Current.CancellationToken);

        var exitCode = await Run(source, "node", "drive.mjs", sandbox: JsonSerializer.Serialize(new
        {
            endpoint = sandbox.Endpoint.ToString(),
            account = sandbox.AccountIdentifier,
            password = sandbox.PasswordOf(SnowflakeSandbox.ServiceName),
            adminPassword = sandbox.PasswordOf(SnowflakeSandbox.AdministratorName),
            privateKey = sandbox.CreateKeyPair(SnowflakeSandbox.ServiceName),
            oauthToken = await TokenAsync(sandbox),
        }));

        exitCode.ShouldBe(0);
    }

    private static async Task<string> TokenAsync(SnowflakeSandbox sandbox)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            sandbox.TokenEndpoint,
            new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "driver"), new("client_secret", "secret")]),
            TestContext.Current.CancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["access_token"]!.ToString();
    }

    /// <summary>The folder in the source tree, where node_modules stays from run to run.</summary>
    private static string SourceFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Sluice.Sandbox.Snowflake.Tests", "VendorClient");
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
