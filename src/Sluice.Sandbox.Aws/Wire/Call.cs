using System.Text.Json;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.LakeFormation;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>One request on its way through an operation.</summary>
internal sealed class Call(SandboxRuntime runtime, Caller caller, Input input, ResponseBuffer answer)
{
    private AccessRules? access;

    public SandboxRuntime Runtime => runtime;

    public AwsSandboxOptions Options => runtime.Options;

    public Account Account => runtime.Account;

    public Caller Caller => caller;

    public Input Input => input;

    public ResponseBuffer Answer => answer;

    /// <summary>What goes wrong with single entries of it.</summary>
    public AwsSandboxFaultKind? Fault { get; init; }

    public Utf8JsonWriter Json => answer.Json;

    public AccessRules Access => access ??= new(Account.Grants, Account.Tags, caller, Options.AccountId);

    public double Now => Options.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000d;

    /// <summary>The position a NextToken stands for, when the request brings one.</summary>
    public string? Position(string scope) => input.Text("NextToken", longest: 8192) is { } token ? runtime.Tokens.Read(scope, token) : null;

    public void WriteNextToken(string scope, string position) => Json.WriteString("NextToken", runtime.Tokens.Write(scope, position));
}
