// One room of one account in Hydrogen's own views: window.enter is what its login page would have done.
import {
  Client,
  FeatureSet,
  LoadStatus,
  Platform,
  RoomView,
  RoomViewModel,
  createNavigation,
  createRouter,
  viewClassForTile,
} from "hydrogen-view-sdk";

const assetPaths = { downloadSandbox: "assets/download-sandbox.html", worker: "assets/main.js", serviceWorker: "sw.js", olm: null };

window.enter = async ({ account, room }) => {
  const container = document.querySelector("#app");
  const platform = new Platform({ container, assetPaths, config: {}, options: {} });
  const navigation = createNavigation();
  platform.setNavigation(navigation);
  await platform.init();
  const urlRouter = createRouter({ navigation, history: platform.history });
  urlRouter.attach();
  const client = new Client(platform);
  await client.startWithAuthData(account);
  await client.loadStatus.waitFor((now) => now === LoadStatus.Ready || now === LoadStatus.Error).promise;
  if (client.loadError) throw client.loadError;
  const features = await FeatureSet.load(platform.settingsStorage);
  const here = client.session.rooms.get(room);
  const model = new RoomViewModel({ room: here, ownUserId: account.userId, platform, urlRouter, navigation, features });
  await model.load();
  container.appendChild(new RoomView(model, viewClassForTile).mount());
};
