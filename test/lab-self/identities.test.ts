import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { describeWithLab, lab, labClient } from '../lab/client';
import { startEcrEndpoint } from '../lab/ecr-endpoint';
import { World } from '../lab/world';
import { ecrClient } from './aws-client';

describeWithLab('who calls, as AWS sees it', () => {
  test('records who called, from where, when', async () => {
    const scope = labClient.scope();
    await ecrClient(scope, 'eu-north-1').send(new GetAuthorizationTokenCommand({}));
    expect(await scope.awsRequests()).toMatchObject([
      {
        operation: 'GetAuthorizationToken',
        accessKeyId: scope.accessKeyId,
        sessionToken: null,
        region: 'eu-north-1',
        clientDate: expect.stringMatching(/^\d{8}T\d{6}Z$/) as unknown,
        status: 200,
      },
    ]);
  });

  test('lets a role be assumed, and tells its calls from its owner’s', async () => {
    const scope = labClient.scope();
    const client = new ECRClient({
      endpoint: lab().awsUrl,
      region: 'eu-central-1',
      credentials: fromTemporaryCredentials({
        masterCredentials: { accessKeyId: scope.accessKeyId, secretAccessKey: scope.secretAccessKey },
        params: { RoleArn: 'arn:aws:iam::210987654321:role/push', RoleSessionName: 'gocd-x-1', ExternalId: 'e' },
        clientConfig: { endpoint: lab().awsUrl, region: 'eu-central-1' },
      }),
    });
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    // The role's account is the caller's: its registry is the default.
    expect(authorizationData![0]!.proxyEndpoint).toBe('https://210987654321.dkr.ecr.eu-central-1.amazonaws.com');
    const [assume, get] = await scope.awsRequests();
    expect(assume).toMatchObject({ operation: 'AssumeRole', input: { RoleSessionName: 'gocd-x-1', ExternalId: 'e' } });
    expect(get).toMatchObject({ operation: 'GetAuthorizationToken', rootKeyId: scope.accessKeyId });
    expect(get?.accessKeyId).toMatch(/^ASIA/);
    expect(get?.sessionToken).not.toBeNull();
  });

  test('refuses a role’s key with another session token', async () => {
    const scope = labClient.scope();
    const provide = fromTemporaryCredentials({
      masterCredentials: { accessKeyId: scope.accessKeyId, secretAccessKey: 'x' },
      params: { RoleArn: 'arn:aws:iam::123456789012:role/push', RoleSessionName: 's' },
      clientConfig: { endpoint: lab().awsUrl, region: 'eu-west-1' },
    });
    const credentials = { ...(await provide()), sessionToken: 'of somebody else' };
    const client = new ECRClient({ endpoint: lab().awsUrl, region: 'eu-west-1', credentials, maxAttempts: 1 });
    await expect(client.send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});

// A clock is everybody's: here alone, in a lab of its own.
describeWithLab('a lab whose clock is wrong', () => {
  test('tells clients so, which then correct themselves', async () => {
    const own = new World('123456789012');
    const endpoint = await startEcrEndpoint(own);
    own.clock.offsetMs = 3_600_000;
    const client = new ECRClient({
      endpoint: `http://127.0.0.1:${endpoint.port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    });
    await client.send(new GetAuthorizationTokenCommand({}));
    await endpoint.stop();
    const errors = own.records.map((record) => (record.on === 'aws' ? record.error : ''));
    expect(errors).toEqual(['InvalidSignatureException', null]);
  });
});
