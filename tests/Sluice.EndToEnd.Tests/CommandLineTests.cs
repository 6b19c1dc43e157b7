using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a person at the command line is told: one line for what they can mend, and no stack trace.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string, string[]> WrongArguments => new()
    {
        { "--tables", ["sandbox", "aws", "--tables", "-5"] },
        { "--tables", ["sandbox", "aws", "--tables", "0"] },
        { "--columns", ["sandbox", "aws", "--tables", "5", "--columns", "0"] },
        { "--columns", ["sandbox", "aws", "--tables", "5", "--columns", "-1"] },
        { "--databases", ["sandbox", "aws", "--tables", "5", "--databases", "0"] },
        { "--databases", ["sandbox", "aws", "--tables", "5", "--databases", "10"] },
        { "--columns", ["sandbox", "aws", "--columns", "3"] },
        { "--databases", ["sandbox", "aws", "--databases", "3"] },
        { "--port", ["sandbox", "aws", "--port", "70000"] },
        { "--port", ["sandbox", "aws", "--port", "-1"] },
        { "--tables", ["sandbox", "databricks", "--tables", "0"] },
        { "--columns", ["sandbox", "databricks", "--columns", "3"] },
        { "--catalogs", ["sandbox", "databricks", "--catalogs", "3"] },
        { "--catalogs", ["sandbox", "databricks", "--tables", "5", "--catalogs", "10"] },
        { "--port", ["sandbox", "databricks", "--port", "70000"] },
        { "--tables", ["sandbox", "snowflake", "--tables", "0"] },
        { "--columns", ["sandbox", "snowflake", "--columns", "3"] },
        { "--databases", ["sandbox", "snowflake", "--tables", "5", "--databases", "10"] },
        { "--port", ["sandbox", "snowflake", "--port", "70000"] },
        { "--port", ["demo", "--port", "70000"] },
        { "many", ["sandbox", "aws", "--tables", "many"] },
        { "--color", ["sandbox", "aws", "--color"] },
    };

    [Theory]
    [MemberData(nameof(WrongArguments))]
    public async Task A_wrong_argument_is_one_line_that_names_it(string named, string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);

        code.ShouldBe(2, error);
        var line = error.Trim();
        line.ShouldStartWith("sluice: ");
        line.ShouldContain(named);
        line.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("sandbox", "aws", "--port")]
    [InlineData("sandbox", "databricks", "--port")]
    [InlineData("sandbox", "snowflake", "--port")]
    [InlineData("demo", "--port")]
    [InlineData("serve", "--urls")]
    public async Task A_busy_port_is_one_line_that_names_the_flag(params string[] command)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var directory = TestServer.NewDirectory();
        string[] last = command[0] == "serve" ? [$"http://127.0.0.1:{port}", "--data", directory, "--vault-key-in-data", "--log-level", "error"] : [port];

        var (code, output, error) = await RunAsync([.. command, .. last]);

        code.ShouldBe(1, error);
        output.ShouldNotContain("fail:");
        var line = error.Trim();
        line.ShouldContain(port);
        line.ShouldContain(command[^1]);
        line.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("aws", "AWS stand-in on ")]
    [InlineData("databricks", "Databricks stand-in on ")]
    [InlineData("snowflake", "Snowflake stand-in on ")]
    public async Task A_stand_in_says_where_it_is_and_ends_when_told_to(string platform, string says)
    {
        using var process = Start(["sandbox", platform, "--tables", "20"]);
        var error = process.StandardError.ReadToEndAsync();
        var first = (await process.StandardOutput.ReadLineAsync())!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "Ctrl+C ends it.")
        {
        }

        first.ShouldStartWith(says);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(new(first[says.Length..].Split(' ')[0]), "_sandbox/requests"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0);
        (await error).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_Databricks_stand_in_speaks_https_with_the_certificate_it_leaves()
    {
        const string Says = "Databricks stand-in on ";
        var file = Path.Combine(TestServer.NewDirectory(), "sandbox.pem");
        using var process = Start(["sandbox", "databricks", "--tls-certificate", file]);
        try
        {
            var first = (await process.StandardOutput.ReadLineAsync())!;
            using var trusted = X509CertificateLoader.LoadCertificateFromFile(file);
            using var http = new HttpClient(new SocketsHttpHandler
            {
                SslOptions = new()
                {
                    CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
                },
            });
            var endpoint = new Uri(first[Says.Length..].Split(' ')[0]);

            using var answer = await http.GetAsync(new Uri(endpoint, "_sandbox/requests"));

            endpoint.Scheme.ShouldBe("https");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("snowflake", "--private-key", "no/such/folder/key.pem")]
    [InlineData("snowflake", "--oauth-certificate", "no-such-certificate.pem")]
    [InlineData("databricks", "--tls-certificate", "no/such/folder/sandbox.pem")]
    public async Task A_file_a_stand_in_can_not_use_is_one_line(string platform, string flag, string file)
    {
        var (code, _, error) = await RunAsync("sandbox", platform, flag, file);

        code.ShouldBe(1, error);
        error.Trim().ShouldStartWith("sluice: ");
        error.ShouldContain(Path.GetFileName(file));
        error.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_demo_on_the_data_of_a_running_server_is_one_line()
    {
        await using var server = await ServerProcess.StartAsync(TestServer.NewDirectory());

        var (code, _, error) = await RunAsync("demo", "--data", server.Directory);

        code.ShouldBe(1, error);
        error.Trim().ShouldStartWith("sluice demo: Another server runs on");
        error.Trim().ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("aws", "trust", "--help")]
    [InlineData("aws", "trust", "-h")]
    [InlineData("vault", "rotate", "--help")]
    [InlineData("vault", "rotate", "-h")]
    public async Task Commands_that_take_the_settings_of_serve_help_too(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);

        code.ShouldBe(0, error);
        output.ShouldStartWith($"sluice {arguments[0]} {arguments[1]}: ");
        output.ShouldContain("--data DIR");
        error.ShouldBeEmpty();
    }

    // By turns as early as it can be told, and when the silo starts: the first key is written right before.
    [Theory]
    [InlineData("server.lock")]
    [InlineData("admin.key")]
    public async Task A_server_told_to_stop_while_it_starts_ends_quietly(string file)
    {
        var directory = TestServer.NewDirectory();
        using var process = Start(["serve", "--data", directory, "--urls", "http://127.0.0.1:0", "--vault-key-in-data"]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        while (!process.HasExited && !File.Exists(Path.Combine(directory, file))) await Task.Yield();

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, await output + await error);
        (await error).ShouldBeEmpty();
        (await output).ShouldNotContain("Exception");
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => SluiceCommand.RunAsync(arguments);

    private static Process Start(string[] arguments) => SluiceCommand.Start(arguments);
}
