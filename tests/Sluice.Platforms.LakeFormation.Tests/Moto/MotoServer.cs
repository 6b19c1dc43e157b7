using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Setup;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Moto;

/// <summary>moto, an AWS that nobody here wrote, filled by AWS's own Python client. One for all its tests; its tests run one after the other.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private int? _process;
    private string? _missing;
    private JsonElement _seed;
    private Uri _endpoint = null!;

    public async ValueTask InitializeAsync()
    {
        var port = FreePort();
        var (exit, output, error) = await Python.ExecuteAsync(Python.MotoUp(), null, port.ToString());
        if (exit != 0)
        {
            _missing = error.Trim();
            return;
        }

        _process = int.Parse(output.Trim());
        _endpoint = new Uri($"http://127.0.0.1:{port}");
        var policy = Path.GetTempFileName();
        await File.WriteAllTextAsync(policy, AwsSetup.PolicyDocument());
        var seeded = await Python.RunAsync("Moto/moto-seed.py", null, _endpoint.ToString(), policy);
        File.Delete(policy);
        if (seeded.Exit != 0) throw new InvalidOperationException(seeded.Error);
        _seed = JsonElement.Parse(seeded.Output);
    }

    public ValueTask DisposeAsync()
    {
        if (_process is { } id)
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the test when moto isn't there; else sets whether signatures and policies are verified.</summary>
    public async Task UseAsync(bool authorises)
    {
        if (_missing is not null) Python.SkipOrFail(_missing);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(_endpoint, "/moto-api/reset-auth"), new StringContent(authorises ? "0" : "inf"));
        answer.EnsureSuccessStatusCode();
    }

    internal IPlatformSession OpenAs(string user, string? secret = null) => OpenWith(_seed.GetProperty(user), secret);

    internal IPlatformSession OpenWithout(string action) => OpenWith(_seed.GetProperty("without").GetProperty(action), null);

    internal IPlatformSession OpenWithRole() => Open($$"""
        "authenticationType": "assumedRole", "roleARN": "{{_seed.Text("role")}}"
        """);

    private IPlatformSession OpenWith(JsonElement key, string? secret) => Open($$"""
        "authenticationType": "accessKey", "accessKeyId": "{{key.Text("id")}}", "secretAccessKey": "{{secret ?? key.Text("secret")}}"
        """);

    private IPlatformSession Open(string credentials)
    {
        var server = _seed.GetProperty("server");
        var policy = new EgressPolicy { AllowLoopback = true };
        var options = new LakeFormationOptions
        {
            ExternalId = "moto-external-id",
            Mark = new InstanceMark("test"),
            AllowedStsHosts = ["127.0.0.1"],
            ServerIdentity = new FixedServerIdentity(new AwsCredentials(server.Text("id"), server.Text("secret"))),
            Retry = new RetryPolicy { Attempts = 2, BaseDelay = TimeSpan.FromMilliseconds(1) },
        };
        var (spec, problems) = Payload.Read(
            $$"""
            { "technology": "Glue", {{credentials}}, "region": "us-east-1", "accountId": "123456789012",
              "endpoints": { "glue": "{{_endpoint}}", "lakeformation": "{{_endpoint}}", "sts": "{{_endpoint}}" } }
            """,
            options: options,
            policy: policy);
        problems.ShouldBeEmpty();
        return Payload.Platform(options, policy).Open(Payload.Access(spec!));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
